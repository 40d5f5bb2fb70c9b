"""The connection file's vocabulary: each section's YAML becomes what `vendor.model` describes."""
