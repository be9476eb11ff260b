"""Pages of collecting: the issuer's, the unit's, and the editor of templates."""
