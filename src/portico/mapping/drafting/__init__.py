"""What helps to write a module: drafts from samples or OpenAPI, the schema for editors."""
