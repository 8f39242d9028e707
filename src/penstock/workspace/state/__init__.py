"""What an earlier run found out of a rollout, kept on disk: only what has changed since is read and judged again.

``columns`` is the data, ``store`` its file, with large dicts in ``pieces``; ``kept_rollout`` is a rollout that
makes its resources from it when they are asked for. ``changes`` says which judgements an edit may have changed,
``recall`` brings them up to date: for ``resuming`` where it is known which files there are, else for ``taking``,
which goes by ``sight``. ``known`` finds the state of a rollout, ``keep`` makes it. Whatever is wrong with a state,
or too new for it, the run does its work from the beginning.
"""
