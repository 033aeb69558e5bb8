"""Compare the proxy with a direct connection: `python -m scripts.bench`.

One run measures both in turn, round by round, so that a machine that grows slower or
faster meanwhile changes both alike: the ratios are the result, not the figures.
"""
