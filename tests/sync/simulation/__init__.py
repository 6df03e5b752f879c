"""Many small worlds, each from one seed: real phones, the real server, everything that can go wrong between them.

`machinery` makes a run fast and repeatable, `cast` makes the commune and its phones, `world` holds one run; `visits`,
`writes`, `reviews`, `joins`, `links` and `office` are what can happen in it, `desk` is who sits at a PC; `story` draws
what happens from a seed; `watch` checks while it runs, `promises` and `review_promises` at the end; `shrink` finds the
shortest story that still fails.
"""
