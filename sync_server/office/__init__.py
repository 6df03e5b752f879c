"""The commune's office: HTML pages for officials, and for leads at a PC. HTTP in, HTML out, no state in the process.

One file a page, its template of the same name beside it; `visitor` says who is there, `pages` draws, `writing` records.
"""
