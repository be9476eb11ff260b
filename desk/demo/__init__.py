"""The fictional county 明川县 (990121): a pure function of the seed and the day of seeding.

Names are invented, codes have valid check digits, every state of the product occurs, and some
things are overdue or due today. Nothing here is a real institution or person.
"""
