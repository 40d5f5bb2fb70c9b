"""What HL7 defines: searches, bundles, outcomes, references, versions. Pure functions, no I/O."""
