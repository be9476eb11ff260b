"""Ledgers of institutions coming in: parse → preview → apply → undo."""
