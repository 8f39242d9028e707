"""Answers of earlier runs: the same question, and nothing that it was answered from has changed.

Whatever a check reads is looked at through ``Seen`` before its content is read, and the output is kept with what
was seen (``answer``). The next run of the same command line looks again; it prints what is kept where it sees the
same.

Everything here is on the way of every check: it imports next to nothing.
"""
