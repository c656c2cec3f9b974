"""Licences: from what was bought and what runs to a position that shows its arithmetic.

``engine.position.position(facts, at)`` is pure and without a database; ``register_facts.gather(reader, at)`` takes its
facts from the register.
"""
