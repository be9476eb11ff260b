"""Filings (备案): one procedure for every kind of row that institutions put on record.

kinds → what can be filed, with its form; values → a row as JSON and in words; acts → draft, submit,
return, accept; records → the rows themselves; sheets → many rows from a workbook or the clipboard.
"""
