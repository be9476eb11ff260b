"""Finding records of the register that may be one body."""
