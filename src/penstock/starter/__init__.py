"""What a new rollout, and a new manifest in it, begin with.

Takes a name, a date, a kind; gives text and the paths it belongs at, and puts several files in place as one. Must
not know of the command line, nor check anything: that what it gives is sound is what its tests are for.
"""
