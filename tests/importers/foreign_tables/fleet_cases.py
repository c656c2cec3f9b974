"""Small tables of tools that look after fleets of devices, and of their users, and what must come out of each."""

from __future__ import annotations

from tests.importers.foreign_tables.case import Case

FLEET = [
    Case(
        "Intune/all devices",
        "DeviceId,DeviceName,OwnerType,LastContact,OSVersion,SerialNumber,Manufacturer,Model,WifiMacAddress,UPN,UserName,OS\n"
        "d-1,LAP-1,1,2026-11-28 07:12:44,10.0,S1,LENOVO,20XW,A0B1C2D3E4F5,ida@acme.example,Ida Holm,Windows\n",
        [("computer", {
            "name": "LAP-1", "last_seen": "2026-11-28T07:12:44Z", "mac_address": "a0:b1:c2:d3:e4:f5",
            "main_user": "person:Ida Holm email=ida@acme.example",
        })],
        number="intune device d-1",
    ),
    Case(
        "Intune/discovered apps by device",
        "ApplicationKey,ApplicationName,ApplicationPublisher,ApplicationShortVersion,ApplicationVersion,DeviceName\n"
        "k,Visio,Microsoft,,16.0.1,LAP-1\n",
        software=[("computer:LAP-1", "Visio", "16.0.1")],
        unmapped=("ApplicationShortVersion",),
    ),
    Case(
        "Microsoft 365/active users",
        "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Deleted Date,Assigned Products\n"
        "2026-11-27,ida@acme.example,Ida Holm,False,,VISIO PLAN 2\n"
        "2026-11-27,gone@acme.example,Gone Guy,True,2026-11-01,VISIO PLAN 2\n",
        [("person", {"name": "Ida Holm", "email": "ida@acme.example"})],
        seats=[("software_product:VISIO PLAN 2", "person:Ida Holm email=ida@acme.example")],
        problems=("row",),
    ),
    Case(
        "Microsoft 365/licences",
        "Product Title,Total Licenses,Expired Licenses,Assigned Licenses,Status Message\nVisio Plan 2,25,0,20,\n",
        [("entitlement", {
            "name": "Visio Plan 2", "product": "Visio Plan 2", "quantity": 25, "metric": "named user",
            "publisher": "Microsoft",
        })],
        unmapped=("Assigned Licenses",),
    ),
    Case(
        "Entra ID/users",
        "userPrincipalName,displayName,surname,mail,givenName,objectId,userType,jobTitle,department,accountEnabled,state,"
        "physicalDeliveryOfficeName,telephoneNumber,companyName\n"
        "ida@acme.example,Ida Holm,Holm,ida.holm@acme.example,Ida,o-1,Member,Clerk,Sales,FALSE,BE,Bern,12,Acme\n",
        [("person", {
            "name": "Ida Holm", "email": "ida@acme.example", "first_name": "Ida", "job_title": "Clerk", "status": None,
            "department": "department:Sales", "location": "place:Bern", "company": "company:Acme", "phone_number": "12",
        })],
        unmapped=("accountEnabled", "state"),
    ),
    Case(
        "Entra ID/devices",
        "displayName,accountEnabled,operatingSystem,operatingSystemVersion,joinType (trustType),registeredOwners,"
        "userNames,approximateLastSignInDateTime,deviceId,objectId,profileType,model\n"
        "LAP-1,TRUE,Windows,10.0,Hybrid,Ida Holm,ida@acme.example,2026-11-28T07:12:44Z,d-1,o-1,RegisteredDevice,T14\n"
        "Ole's,TRUE,IPhone,17.6,,,,2026-11-28T07:12:44Z,d-2,o-2,RegisteredDevice,\n",
        [
            ("computer", {
                "name": "LAP-1", "main_user": "person:Ida Holm email=ida@acme.example", "model": "hardware_model:T14",
                "last_seen": "2026-11-28T07:12:44Z", "os_version": "10.0",
            }),
            ("phone", {"operating_system": "IPhone"}),
        ],
        number="entra id device d-1",
    ),
    Case(
        "Jamf Pro/computers",
        "Computer Name,Asset Tag,Last Check-in,Model,Model Identifier,Serial Number,UDID,Total RAM MB,Full Name,"
        "Username,Email Address,Building,Room,PO Number,PO Date,Vendor\n"
        'MAC-3,A300,2026-11-28,Mac mini,"Mac14,3",C02XK0A3,4C4C4544-0042-5010-8052-B4C04F4B3732,16384,Ida Holm,iholm,'
        "ida@acme.example,HQ,12,PO-1,2022-01-05,Bits\n",
        [("computer", {
            "name": "MAC-3", "manufacturer": "manufacturer:Apple", "supplier": "supplier:Bits", "memory": 16384,
            "assigned_to": "person:Ida Holm email=ida@acme.example user_name=iholm", "purchase_date": "2022-01-05",
            "location": "room:12 location=place:HQ level=building",
        })],
        unmapped=("Model Identifier",),
    ),
    Case(
        "Jamf Pro/mobile devices",
        "Display Name,Capacity MB,JSS Mobile Device ID,Managed By,Model,OS Version,Serial Number,Wi-Fi MAC Address,"
        "IMEI,User Phone Number,Full Name,Username,Purchasing Contact,Current Carrier Network\n"
        "ida-iphone,128000,9,Jamf,iPhone 14,18.1,S1,aa:bb:cc:dd:ee:02,35 391805 100000 6,12,Ida Holm,iholm,Ole,Orange\n"
        "cart-3,,10,,iPad (9th generation),17.6,S2,,,,,,,\n",
        [
            ("phone", {
                "name": "ida-iphone", "os_version": "18.1", "model": "hardware_model:iPhone 14",
                "assigned_to": "person:Ida Holm phone_number=12 user_name=iholm", "mac_address": "aa:bb:cc:dd:ee:02",
            }),
            ("tablet", {"serial_number": "S2", "manufacturer": "manufacturer:Apple"}),
        ],
        absent=("carrier", "phone_number"),
        unmapped=("Managed By", "Purchasing Contact"),
        number="jamf pro device 9",
    ),
    Case(
        "Lansweeper/assets",
        "AssetID,AssetName,AssetTypename,Username,Serialnumber,Firstseen,Lastseen,OSname,Version,State,Statename\n"
        "501,WKS-1,Windows,iholm,S1,02/14/2022,11/15/2026,Win 11,23H2,1,Active\n"
        "502,prn-1,Printer,,S2,02/14/2022,11/15/2026,,,3,Stock\n",
        [
            ("computer", {"status": "Deployed", "operating_system": "Win 11", "os_version": "23H2"}),
            ("printer", {"status": "In stock"}),
        ],
        unmapped=("State", "Firstseen"),
        number="lansweeper asset 501",
    ),
    Case(
        "SCCM/computers",
        "ResourceID,Name0,Netbios_Name0,Decommissioned0,Manufacturer0,Model0,Status0,LastHWScan\n"
        "1,WKS-1,WKS-1,0,LENOVO,20XW,OK,2026-11-02\n2,WKS-2,WKS-2,1,LENOVO,20XW,OK,2022-11-02\n",
        [("computer", {"name": "WKS-1", "last_seen": "2026-11-02T00:00:00Z"})],
        absent=("status",),
        problems=("row",),
        number="sccm device 1",
    ),
    Case(
        "SCCM/devices",
        "Name,Client Type,Client,Primary User(s),Site Code,Client Activity,Operating System,Serial Number,Resource ID\n"
        "WKS-1,Computer,Yes,CORP\\iholm,BE1,Active,Windows 11,S1,167\n",
        [("computer", {"name": "WKS-1", "main_user": "person:iholm user_name=iholm"})],
        absent=("location", "status"),
        unmapped=("Site Code", "Client Activity"),
        number="sccm device 167",
    ),
    Case(
        "ServiceNow/assets",
        "asset_tag,display_name,model,model_category,serial_number,install_status,substatus,assigned_to,stockroom,company,ci,"
        "sys_class_name,sys_id\n"
        "P1,P1 - Dell Latitude,Dell Latitude,Computer,S1,1,,Ida Holm,,Acme,pc-1,alm_hardware,a1\n"
        "P2,P2 - iPhone,iPhone 13,Communication Device,S2,6,available,,Main,Acme,,alm_hardware,a2\n",
        [
            ("computer", {"name": "pc-1", "status": "Deployed", "assigned_to": "person:Ida Holm", "asset_tag": "P1"}),
            ("phone", {"name": "P2", "status": "In stock", "home_place": "place:Main"}),
        ],
        unmapped=("display_name", "substatus"),
        number="servicenow asset a1",
    ),
    Case(
        "ServiceNow/assets",
        "Display name,Model category,Model,Configuration Item,Asset tag,State,Stockroom,Managed by,Class,Parent\n"
        "P9 - T14,Computer,T14,S9 - T14,P9,In transit,Bern Stockroom,Ole,Hardware,\n",
        [("computer", {"asset_tag": "P9", "status": "Ordered", "home_place": "place:Bern Stockroom"})],
        unmapped=("Class", "Managed by"),
    ),
    Case(
        "ServiceNow/configuration items",
        "Name,Class,Asset tag,Category,Checked out,Domain,DNS Domain,Operational Status,Status,Model Number,Updated\n"
        "LAP-1,Computer,P1,Hardware,2024-02-02,global,acme.example,Ready,Retired,20XW,2026-11-01\n",
        [("computer", {"asset_tag": "P1", "status": "Retired", "domain": "acme.example"})],
        absent=("assigned_to", "model"),
    ),
    Case(
        "ServiceNow/relationships of configuration items",
        "parent,type,child,parent.sys_class_name,child.sys_class_name\n"
        "erp,Runs on::Runs,srv-1,cmdb_ci_appl,cmdb_ci_linux_server\n",
        links=[(":erp", "runs_on", "server:srv-1")],
    ),
    Case(
        "ServiceNow/configuration items",
        "name,sys_class_name,operational_status,sys_id\nsrv-1,cmdb_ci_linux_server,6,s1\nsrv-2,cmdb_ci_linux_server,1,s2\n",
        [("server", {"status": "Retired"}), ("server", {"status": "Deployed"})],
    ),
    Case(
        "GLPI/monitors, printers and other assets",
        "Name,Entity,Status,Manufacturer,Serial number,Type,Model,Location,Last update,Inventory number,"
        "Alternate username\n"
        "MON-1,Root,In use,Dell,S1,LCD,U2720,Bern > North,2026-11-01 10:00,M1,iholm\n"
        "sw-1,Root,In use,Cisco,S2,Switch,C9300,Bern,2026-11-01 10:00,N1,\n",
        [
            ("monitor", {"asset_tag": "M1", "main_user": "person:iholm", "location": "place:Bern / North"}),
            ("switch", {"name": "sw-1"}),
        ],
        unmapped=("Entity", "Last update"),
    ),
    Case(
        "GLPI/computers",
        "Nom,Entité,Statut,Fabricant,Numéro de série,Type,Modèle,Système d'exploitation - Nom,"
        "Lieu,Numéro d'inventaire,Usager\n"
        "PC1,Racine,En service,Dell,S1,Portable,Latitude,Windows 11,Bern > North,A1,iholm\n",
        [("laptop", {
            "name": "PC1", "asset_tag": "A1", "status": "Deployed", "operating_system": "Windows 11",
            "main_user": "person:iholm", "location": "place:Bern / North",
        })],
        absent=("legal_owner",),
        unmapped=("Entité",),
    ),
    Case(
        "GLPI/users",
        "Login,Entities (Profile),Last name,First name,Emails,Phone,Location,Administrative number,Title,Supervisor\n"
        "iholm,Root (Self-Service),Holm,Ida,ida@acme.example,12,Bern > North,E7,Clerk,olund\n",
        [("person", {
            "user_name": "iholm", "email": "ida@acme.example", "employee_number": "E7", "job_title": "Clerk",
            "location": "place:Bern / North", "manager": "person:olund",
        })],
        unmapped=("Entities (Profile)",),
    ),
]  # fmt: skip
