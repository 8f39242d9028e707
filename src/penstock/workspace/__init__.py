"""From the paths of a command line to a report: which rollouts, their configuration, files and packs, one check.

The one layer that decides what is read. ``lint`` judges it, ``render`` writes what comes out.
"""
