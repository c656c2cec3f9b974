"""The estate's register: schema, revisions, store, reconciliation, graph and licences."""
