"""Renders a `forensics.model.Report`: for terminals, for programs, and as one page that prints.

Every renderer is a pure function of the report: the same report gives the same bytes. What each
caveat and each outcome says is in every format.
"""
