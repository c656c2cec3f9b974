"""Small tables of NetBox's places, networks and parties, and what must come out of each."""

from __future__ import annotations

from tests.importers.foreign_tables.case import Case

NETBOX = [
    Case(
        "NetBox/locations",
        "site,parent,name,slug,status,tenant,facility,description,tags\nBern,,North,north,active,Acme,,wing,\n"
        "Bern,North,Cellar,cellar,planned,,,,\n",
        [
            ("place", {"name": "North", "location": "place:Bern level=site", "status": "Active", "notes": "wing"}),
            ("place", {"location": "place:North location=place:Bern level=site", "status": "Planned"}),
        ],
        unmapped=("slug", "tenant"),
    ),
    Case(
        "NetBox/locations",
        "Name,Site,Facility,Status,Tenant,Racks,Devices,Description\nNorth,Bern,,Active,Acme,2,10,wing\n",
        [("place", {"name": "North", "location": "place:Bern level=site", "status": "Active", "notes": "wing"})],
        unmapped=("Tenant", "Racks"),
    ),
    Case(
        "NetBox/virtualisation clusters",
        "name,type,group,status,scope_type,scope_id,tenant,description,comments,tags\nc1,VMware,Prod,active,,,,main,,\n",
        [("cluster", {"name": "c1", "technology": "VMware", "status": "Active", "notes": "main"})],
    ),
    Case(
        "NetBox/circuits",
        "cid,provider,provider_account,type,status,tenant,install_date,termination_date,commit_rate,description\n"
        "IUS-1,Telia,A1,Transit,provisioning,Acme,2024-01-05,2027-01-05,100000,up\n",
        [("circuit", {
            "name": "IUS-1", "circuit_number": "IUS-1", "supplier": "supplier:Telia", "status": "Planned",
            "end": "2027-01-05", "bandwidth": 100, "notes": "up",
        })],
        unmapped=("type", "tenant"),
    ),
    Case(
        "NetBox/prefixes",
        "prefix,vrf,tenant,vlan_group,vlan_site,vlan,status,role,scope_type,scope_id,is_pool,mark_utilized,description\n"
        "10.0.0.0/24,,Acme,,Bern,100,reserved,Servers,,,false,false,net\n",
        [("subnet", {"name": "10.0.0.0/24", "prefix": "10.0.0.0/24", "status": "Planned", "notes": "net"})],
        unmapped=("vlan", "role"),
    ),
    Case(
        "NetBox/VLANs",
        "site,group,vid,name,tenant,status,role,description\nBern,,100,servers,Acme,active,Prod,\n",
        [("vlan", {"name": "servers", "vlan_number": 100, "location": "place:Bern", "status": "Active"})],
        unmapped=("role",),
    ),
    Case(
        "NetBox/contacts",
        "name,title,phone,email,address,link,groups,description\nIda Holm,Clerk,12,ida@acme.example,Main St 1,,NOC,\n",
        [("person", {"name": "Ida Holm", "job_title": "Clerk", "phone_number": "12", "email": "ida@acme.example"})],
        unmapped=("address", "groups"),
    ),
    Case(
        "NetBox/tenants",
        "name,slug,group,description,comments,tags\nAcme,acme,Customers,anvils,,\n",
        [("company", {"name": "Acme", "notes": "anvils"})],
    ),
]  # fmt: skip
