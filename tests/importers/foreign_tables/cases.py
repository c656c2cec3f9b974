"""Small tables of other tools, and what must come out of each."""

from __future__ import annotations

from tests.importers.foreign_tables.case import Case
from tests.importers.foreign_tables.fleet_cases import FLEET
from tests.importers.foreign_tables.netbox_cases import NETBOX
from tests.importers.foreign_tables.snipe_it_cases import SNIPE_IT

R1 = "rack:R1 location=place:Hall location=place:Bern level=site"

CASES = [
    *SNIPE_IT,
    *NETBOX,
    *FLEET,
    Case(
        "Intune/all devices",
        "Device ID,Device name,Enrollment date,Last check-in,OS version,OS,Serial number,Manufacturer,Model,IMEI,"
        "Total storage,Free storage,Primary user UPN,Primary user display name,Compliance,Managed by,Ownership\n"
        "d-1,LAP-1,2024-01-05,2026-11-29,10.0,Windows,S1,LENOVO,20XW,,487432.00,1,ida@acme.example,Ida Holm,"
        "Compliant,Intune,Corporate\n"
        "d-2,Ole's phone,2024-01-05,2026-11-29,17.1,iOS/iPadOS,S2,Apple,iPhone 13,356938035643809,118784.00,1,,,"
        "Compliant,Intune,Personal\n",
        [
            ("computer", {"name": "LAP-1", "disk_size": 476, "main_user": "person:Ida Holm email=ida@acme.example"}),
            ("phone", {"name": "Ole's phone", "operating_system": "iOS/iPadOS", "last_seen": "2026-11-29T00:00:00Z"}),
        ],
        absent=("assigned_to",),
        unmapped=("Compliance",),
        number="intune device d-1",
        problems=("unit",),
    ),
    Case(
        "Intune/discovered apps by device",
        "ApplicationKey,ApplicationName,ApplicationPublisher,ApplicationVersion,DeviceId,DeviceName,Platform,UserName\n"
        "k,Visio,Microsoft,16.1,d-1,LAP-1,Windows,Ida Holm\n",
        software=[("computer:LAP-1", "Visio", "16.1")],
        unmapped=("ApplicationKey", "DeviceId"),
    ),
    Case(
        "SCCM/programs",
        "ComputerName,DisplayName0,Version0,Publisher0,InstallDate0\nPC1,Visio,16.0,Microsoft,20230411\n",
        software=[("computer:PC1", "Visio", "16.0")],
    ),
    Case(
        "Lansweeper/software by asset",
        "AssetName,Domain,softwareName,softwareVersion,SoftwarePublisher,Installdate\n"
        "PC1,CORP,Visio,16.0,Microsoft,2023-04-11\n",
        software=[("computer:PC1", "Visio", "16.0")],
        unmapped=("Domain",),
    ),
    Case(
        "Microsoft 365/active users",
        "Block credential,City,Department,Display name,First name,Last name,Licenses,Mobile Phone,Object Id,Office,"
        "Title,User principal name,When created\n"
        "False,Bern,Sales,Ida Holm,Ida,Holm,Microsoft 365 E3+Visio Plan 2,12,o-1,Bern,Clerk,"
        "ida@acme.example,2024-01-05\n"
        "False,Bern,Sales,Ole Lund,Ole,Lund,Unlicensed,,o-2,Bern,,ole@acme.example,2024-01-05\n",
        [
            ("person", {
                "name": "Ida Holm", "email": "ida@acme.example", "job_title": "Clerk", "location": "place:Bern",
                "department": "department:Sales", "phone_number": "12",
            }),
            ("person", {"name": "Ole Lund"}),
        ],
        unmapped=("Block credential", "Object Id"),
        seats=[
            ("software_product:Microsoft 365 E3", "person:Ida Holm email=ida@acme.example"),
            ("software_product:Visio Plan 2", "person:Ida Holm email=ida@acme.example"),
        ],
    ),
    Case(
        "GLPI/computers",
        "Name,Entity,Status,Manufacturer,Serial number,Type,Model,Operating System - Name,Location,Last update,"
        "Components - Processor,Inventory number,Alternate username\n"
        "PC1,Root,In use,Dell,S1,Notebook,Latitude,Windows 11,Bern > Cellar,2026-11-01 10:00,i5,A1,iholm@CORP\n"
        "VM1,Root,,QEMU,,QEMU,Standard PC,Debian,,2026-11-01 10:00,,,\n"
        "PC2,Root,Available,Dell,S2,Odd box,Latitude,,Bern,2026-11-01 10:00,i5,A2,\n",
        [
            ("laptop", {
                "asset_tag": "A1", "status": "Deployed", "operating_system": "Windows 11", "processor_model": "i5",
                "main_user": "person:iholm", "location": "place:Bern / Cellar",
            }),
            ("virtual_machine", {"name": "VM1"}),
            ("computer", {"status": "In stock"}),
        ],
        absent=("last_seen",),
        unmapped=("Entity", "Last update"),
    ),
    Case(
        "GLPI/licences",
        "Name,Entity,Software,Serial number,Number,Type,Version in use,Expiration,Manufacturer\n"
        "Visio 2021 volume,Root,Visio,K-1,25,Volume,2021,2027-01-01,Microsoft\n"
        "Photo,Root,Photo,K-2,5,Volume,,Never expire,Adobe\n",
        [
            ("entitlement", {
                "name": "Visio 2021 volume", "product": "Visio", "quantity": 25, "metric": "device",
                "end": "2027-01-01",
            }),
            ("entitlement", {"quantity": 5, "end": None}),
        ],
        absent=("channel",),
        unmapped=("Serial number", "Version in use"),
    ),
    Case(
        "GLPI/software",
        "Name,Entity,Publisher,Versions - Name,Number of installations\nVisio,Root,Microsoft,2021,12\n",
        [("software_product", {"name": "Visio", "publisher": "Microsoft"})],
        unmapped=("Number of installations",),
    ),
    Case(
        "NetBox/devices",
        "name,role,tenant,manufacturer,device_type,serial,asset_tag,status,site,location,rack,position,face,comments\n"
        "sw-1,Core Switch,Acme,Arista,DCS-7050,S1,A1,active,Bern,Hall,R1,12,front,hot\n"
        "srv-1,Server,Acme,Dell,R640,S2,A2,failed,Bern,Hall,R1,14,front,\n"
        "srv-2,Server,Acme,Dell,R640,S3,A3,inventory,Bern,Hall,,,,\n",
        [
            ("switch", {
                "status": "Deployed", "rack": R1, "rack_position": 12, "model": "hardware_model:DCS-7050",
                "location": "place:Hall location=place:Bern level=site",
            }),
            ("server", {"status": "In repair", "legal_owner": "company:Acme"}),
            ("server", {"status": "In stock"}),
        ],
        unmapped=("face",),
    ),
    Case(
        "NetBox/list of devices",
        "Name,Status,Tenant,Site,Location,Rack,Role,Manufacturer,Type,IP Address\n"
        "sw-1,Active,Acme,Bern,Hall,R1,Core Switch,Arista,DCS-7050,10.0.0.1\n",
        [("switch", {"model": "hardware_model:DCS-7050", "location": "place:Hall location=place:Bern level=site"})],
    ),
    Case(
        "NetBox/virtual machines",
        "name,status,site,cluster,device,role,tenant,platform,vcpus,memory,disk\n"
        "vm-1,active,Bern,c1,srv-1,Web,Acme,Debian 12,4,8192,40\n",
        [("virtual_machine", {
            "virtual_cores": 4, "memory": 8192, "cluster": "cluster:c1", "operating_system": "Debian 12",
        })],
        unmapped=("role", "disk"),
    ),
    Case(
        "NetBox/sites",
        "name,slug,status,region,tenant,facility,time_zone,physical_address\nBern,bern,staging,CH,Acme,DC1,"
        "Europe/Zurich,Main St 1\n",
        [("site", {
            "name": "Bern", "code": None, "status": "Planned", "region": "CH", "address": "Main St 1",
        })],
        unmapped=("facility",),
    ),
    Case(
        "NetBox/racks",
        "site,location,name,facility_id,status,role,serial,asset_tag,width,u_height\n"
        "Bern,Hall,R1,,available,Net,S9,A9,19,42\nBern,Hall,R2,,deprecated,Net,,,19,42\n",
        [("rack", {"name": "R1", "height": 42, "status": "Deployed"}), ("rack", {"status": "Retired"})],
        unmapped=("role", "width"),
    ),
    Case(
        "NetBox/device types",
        "manufacturer,model,slug,part_number,u_height,is_full_depth\nArista,DCS-7050,dcs-7050,P1,1,True\n",
        [("hardware_model", {"name": "DCS-7050", "part_number": "P1", "rack_units": 1})],
    ),
    Case(
        "NetBox/cables",
        "side_a_device,side_a_type,side_a_name,side_b_device,side_b_type,side_b_name,type,status\n"
        "sw-1,dcim.interface,e1,srv-1,dcim.interface,e0,cat6,connected\n"
        "srv-1,dcim.powerport,p1,pdu-1,dcim.poweroutlet,o1,power,connected\n",
        links=[(":sw-1", "connected_to", ":srv-1"), (":srv-1", "powered_by", ":pdu-1")],
        unmapped=("side_a_name", "type"),
    ),
    Case(
        "NetBox/power feeds",
        "site,power_panel,location,rack,name,status,type,supply,phase,voltage,amperage\n"
        "Bern,P1,Hall,R1,F1,active,primary,ac,three-phase,400,32\n",
        [("power_feed", {"name": "F1", "phases": 3, "voltage": 400, "status": "Deployed"})],
        absent=("rack", "rated_power"),
        unmapped=("amperage",),
        links=[(R1, "powered_by", "power_feed:F1")],
    ),
    Case(
        "ServiceNow/configuration items",
        "name,sys_class_name,asset_tag,serial_number,manufacturer,model_id,assigned_to,location,install_status,"
        "operational_status,os,ram,cpu_count,sys_id,short_description\n"
        "srv-1,cmdb_ci_linux_server,A1,S1,Dell,R640,Ida Holm,Bern,1,2,Debian,16384,2,x1,db\n"
        "fw-1,cmdb_ci_ip_firewall,A2,S2,Fortinet,100F,,Bern,6,,,,,x2,\n"
        "erp,cmdb_ci_appl,,,,,,,1,,,,,x3,\n"
        "Shop,Business Service,,,,,,,7,,,,,x4,\n",
        [
            ("server", {"status": "Deployed", "memory": 16384, "processor_sockets": 2, "notes": "db"}),
            ("firewall", {"status": "In stock", "model": "hardware_model:100F"}),
            ("application", {"status": "Active"}),
            ("business_service", {"status": "Retired"}),
        ],
        unmapped=("operational_status",),
        number="servicenow item x1",
    ),
    Case(
        "ServiceNow/relationships of configuration items",
        "parent,type,child\nerp,Runs on::Runs,srv-1\nrack 1,Contains::Contained by,srv-1\n"
        "Shop,Depends on::Used by,erp\n",
        links=[
            (":erp", "runs_on", ":srv-1"), (":srv-1", "part_of", ":rack 1"), (":Shop", "depends_on", ":erp"),
        ],
    ),
    Case(
        "Ralph/data centre assets",
        "rack,rack_str,model,model_str,id,remarks,hostname,sn,barcode,order_no,invoice_date,price,provider,"
        "property_of_str,status,position,price_currency\n"
        "3,R31 (SZ/SZ_1),9,[Storage] EMC VNX,1,old,emc-1,S1,A1,O1,2020-01-05,12.00,Bits,Institute,2,32,PLN\n",
        [("storage_system", {
            "name": "emc-1", "model": "hardware_model:EMC VNX", "rack": "rack:R31", "status": "Deployed",
            "legal_owner": "company:Institute", "purchase_date": "2020-01-05", "rack_position": 32,
        })],
        unmapped=("model", "rack"),
        number="ralph asset 1",
    ),
    Case(
        "Ralph/back office assets",
        "service_env,model,model_str,user,user_str,owner,warehouse,warehouse_str,region,region_str,price,price_currency,"
        "id,remarks,hostname,sn,barcode,location,loan_end_date,status\n"
        ",5,[Laptop] Dell 7420,ida,Ida Holm (ida),ole,1,Depot,1,no,35.00,NOK,11,ok,NB-1,S1,B1,Bern,,4\n"
        ",5,[Laptop] Dell 7420,,,,1,Depot,1,no,35.00,NOK,12,,NB-2,S2,B2,,,6\n",
        [
            ("laptop", {
                "name": "NB-1", "model": "hardware_model:Dell 7420", "assigned_to": "person:Ida Holm user_name=ida",
                "home_place": "place:Depot", "location": "place:Bern", "status": "Deployed", "currency": "NOK",
            }),
            ("laptop", {"serial_number": "S2", "status": "In repair"}),
        ],
        absent=("cost_centre",),
        unmapped=("model", "owner", "region_str"),
        number="ralph asset 11",
    ),
    Case(
        "Ralph/racks", "server_room,server_room_str,id,name,max_u_height\n1,Cellar (Bern),3,R31,48\n",
        [("rack", {"name": "R31", "location": "place:Cellar", "rack_units": 48})],
    ),
    Case(
        "Ralph/models",
        "manufacturer,manufacturer_str,category,category_str,id,name,type,power_consumption,height_of_device\n"
        "1,Dell,2,Server,5,R640,2,0,2.0\n1,Dell,3,Laptop,6,7420,2,0,0.0\n",
        [
            ("hardware_model", {"name": "R640", "manufacturer": "manufacturer:Dell", "rack_units": 2}),
            ("hardware_model", {"category": "Laptop", "rack_units": None}),
        ],
    ),
    Case(
        "Ralph/licences",
        "manufacturer_str,licence_type,licence_type_str,software,software_str,number_bought,valid_thru,price,order_no,id\n"
        "JetBrains,1,per user,1,PyCharm,5,2027-01-04,99.00,O2,71\n",
        [("entitlement", {"product": "PyCharm", "metric": "named user", "quantity": 5, "end": "2027-01-04"})],
    ),
    Case(
        "Ralph/supports",
        "id,name,contract_id,date_from,date_to,escalation_path,status,supplier,property_of,property_of_str\n"
        "8,Care,C-1,2024-01-01,2026-12-31,,1,Bits,2,Acme\n",
        [("support_contract", {"name": "Care", "number": "C-1", "end": "2026-12-31", "company": "company:Acme"})],
        absent=("status",),
    ),
    Case(
        "Ralph/server rooms", "id,name,data_center\n1,Cellar,1\n", [("room", {"name": "Cellar"})],
        absent=("location", "code"),
    ),
    Case(
        "Ralph/regions", "id,name,users\n11,Alps,\"ida,ole\"\n", [("site", {"name": "Alps"})], unmapped=("users",),
    ),
    Case(
        "iTop/functional items",
        "Name,Organization->Name,Status,Business criticality,Location->Name,Brand->Name,Model->Name,OS family->Name,"
        "OS version->Name,Serial number,Asset number,Move to production date,Purchase date,End of warranty,"
        "CI sub-class\n"
        "srv-1,Acme,production,high,Bern,Dell,R640,Linux,12,S1,A1,2024-01-05,2024-01-01,2027-01-01,Server\n"
        "sw-1,Acme,implementation,low,Bern,Arista,7050,,,S2,A2,,,,Network Device\n"
        "vm-1,Acme,obsolete,low,,,,Linux,12,,,,,,Virtual Machine\n",
        [
            ("server", {"status": "Deployed", "asset_tag": "A1", "warranty_until": "2027-01-01", "os_version": "12"}),
            ("network_device", {"status": "Planned", "manufacturer": "manufacturer:Arista"}),
            ("virtual_machine", {"status": "Retired"}),
        ],
        unmapped=("Business criticality",),
    ),
    Case(
        "iTop/functional items",
        "Name,Organization->Name,Status,Business criticality,Location->Full name,Type,Network type->Name\n"
        "pc-1,Acme,production,low,Bern,laptop,\n",
        [("laptop", {"name": "pc-1", "location": "place:Bern", "legal_owner": "company:Acme"})],
    ),
    Case(
        "iTop/functional items",
        "Name,CI sub-class,Organization->Name,Business criticality,Management IP\nv,PC Software,,low,\n"
        "san,SAN Switch,Acme,low,10.0.0.4\nt,Tape Library,Acme,low,\n",
        [("application", {"name": "v"}), ("switch", {"ip_address": "10.0.0.4"}), ("storage_system", {})],
    ),
    Case(
        "iTop/locations",
        "Name,Owner organization->Name,Status,Address,Postal code,City,Country\nBern,Acme,Active,Main 1,3000,Bern,CH\n",
        [("site", {"name": "Bern", "status": "Active", "postal_code": "3000"})],
        unmapped=("Owner organization->Name",),
    ),
    Case(
        "iTop/persons",
        "first_name,name,org_id->name,email,phone,function,employee_number,location_id->name,manager_id->name,"
        "manager_id->friendlyname\nIda,Holm,Acme,ida@acme.example,12,Clerk,E7,Bern,Berg,Ole Berg\n",
        [("person", {
            "name": "Ida Holm", "last_name": "Holm", "company": "company:Acme", "location": "place:Bern",
            "manager": "person:Ole Berg",
        })],
    ),
    Case(
        "Homebox/items",
        "HB.import_ref,HB.location,HB.tags,HB.asset_id,HB.archived,HB.name,HB.quantity,HB.description,"
        "HB.purchase_price,HB.purchase_from,HB.purchase_date,HB.manufacturer,HB.model_number,HB.serial_number,"
        "HB.warranty_expires\n"
        "r1,Home / Desk,IT;Laptop,000-001,false,Work laptop,1,blue,900.5,Bits,2024-01-05,Lenovo,T14,S1,0001-01-01\n"
        "r2,Home,Printer,000-002,true,Old printer,1,,0,,0001-01-01,HP,M400,S2,0001-01-01\n",
        [
            ("laptop", {
                "name": "Work laptop", "asset_tag": "000-001", "location": "place:Home / Desk", "notes": "blue",
                "purchase_date": "2024-01-05", "model": "hardware_model:T14",
            }),
            ("printer", {"status": "Retired"}),
        ],
        absent=("warranty_until",),
        unmapped=("HB.quantity",),
        mapped=("HB.tags",),
    ),
    Case(
        "Shelf/assets",
        "title,description,category,kit,tags,location,custodian,bookable,status\n"
        "Work laptop,blue,Laptops,,it,Bern,Ida Holm,yes,IN_CUSTODY\n",
        [("laptop", {"name": "Work laptop", "assigned_to": "person:Ida Holm", "status": "Deployed"})],
        unmapped=("tags", "bookable"),
    ),
    Case(
        "Shelf/assets",
        "Name,ID,Asset ID,QR ID,Status,Value,Available to book,Created at,Category,Kit,Custody,Asset model\n"
        "Work laptop,c1,SAM-0001,q1,In custody,\"$1,234.00\",Yes,1/5/2024,Laptops,,Ida Holm,T14\n",
        [("laptop", {"asset_tag": "SAM-0001", "assigned_to": "person:Ida Holm", "model": "hardware_model:T14"})],
        unmapped=("QR ID", "Value"),
        number="shelf asset c1",
    ),
]  # fmt: skip
