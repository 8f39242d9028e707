"""What an earlier run found out of a rollout, kept on disk: only what has changed since is read and judged again.

``columns`` is the data, ``store`` its file, ``kept_rollout`` a rollout that makes its resources from it when they
are asked for, ``changes`` says which judgements an edit may have changed, ``recall`` brings them up to date.
Whatever is wrong with a state, or too new for it, the run does its work from the beginning.
"""
