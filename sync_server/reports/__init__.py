"""Reports: the table as a file, and what an official signs and hands in.

`compose` makes a `survey.reports.Report`; `formats` names the files that it can become, one module each.
"""
