"""A report as a workbook: prepared with all that is known, and taken back into the draft.

A workbook has no rules of its own. Its cells fill in the forms of the report's parts, whose faults go back to the cells.
"""
