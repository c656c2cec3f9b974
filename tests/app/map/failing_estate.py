"""A small estate whose failures are known: three hosts in a cluster that needs two, two switches, three services."""

from __future__ import annotations

from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.store.store import Store
from tests.cmdb.grouped_links import grouped

CIS = """
cluster: cluster-rtm
business_service: Payroll, Web shop, Mail
application: payroll-app, shop-web, mail-gw
virtual_machine: vm-pay, vm-web, vm-mail
server: host-a, host-b, host-c
switch: sw-1, sw-2
pdu: PDU-A, PDU-B
"""

LINKS = """
payroll-app supports Payroll
shop-web supports Web shop
mail-gw supports Mail
payroll-app runs_on vm-pay
shop-web runs_on vm-web
mail-gw runs_on vm-mail
vm-pay virtualised_on cluster-rtm
vm-web virtualised_on cluster-rtm
vm-mail virtualised_on cluster-rtm
host-a member_of cluster-rtm [hosts 2]
host-b member_of cluster-rtm [hosts 2]
host-c member_of cluster-rtm [hosts 2]
host-a uplinks_through sw-1
host-b uplinks_through sw-1 [uplinks 1]
host-b uplinks_through sw-2 [uplinks 1]
host-c uplinks_through sw-2
host-a powered_by PDU-A
host-c powered_by PDU-A
host-c powered_by PDU-B
"""


def fill(store: Store, many: int = 0) -> dict[str, str]:
    """Writes the estate, with ``many`` applications more that depend on shop-web, and returns name → uid."""
    uids: dict[str, str] = {}
    edits: list[Edit] = []
    for line in CIS.strip().splitlines():
        cls, _, names = line.partition(": ")
        for name in names.split(", "):
            uids[name] = new_id()
            edits.append(Edit(ci(uids[name]), "", None, {"class": cls, "name": name}))
    for number in range(many):
        uids[f"app-{number}"] = new_id()
        edits.append(Edit(ci(uids[f"app-{number}"]), "", None, {"class": "application", "name": f"app-{number}"}))
    groups: dict[tuple[str, str], str] = {}
    lines = LINKS.strip().splitlines() + [f"app-{number} depends_on shop-web" for number in range(many)]
    for line in lines:
        text, _, group = line.partition(" [")
        source, kind, target = text.split(" ", 2)
        if group:
            label, needs = group.rstrip("]").split()
            owner = target if kind == "member_of" else source
            if (owner, label) not in groups:
                groups[owner, label] = new_id()
                record = Record("group", (groups[owner, label],))
                edits.append(Edit(record, "", None, {"owner": uids[owner], "label": label, "needs": needs}))
            edits += grouped(kind, uids[source], uids[target], groups[owner, label])
        else:
            edits.append(Edit(Record("relationship", (kind, uids[source], uids[target])), "", None, {}))
    store.apply(Revision(edits, "anna"))
    return uids
