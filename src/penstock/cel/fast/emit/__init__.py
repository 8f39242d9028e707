"""The emitters, by families of nodes: each takes the emitter, a node, and the scope to write into."""
