"""Pages on which the registry is changed; one file per subject."""
