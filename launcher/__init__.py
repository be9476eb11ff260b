"""Installs, starts and supervises Mingshu in one folder. Standard library only."""
