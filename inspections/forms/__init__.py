"""Forms: they check shape; the services refuse what the procedure forbids."""
