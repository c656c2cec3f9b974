"""Small tables as Snipe-IT writes them, and what must come out of each."""

from __future__ import annotations

from tests.importers.foreign_tables.case import Case

IDA = "person:Ida Holm email=ida@acme.example user_name=iholm"

SNIPE_IT = [
    Case(
        "Snipe-IT/custom asset report",
        "ID,Company,Asset Name,Asset Tag,Model,Model No.,Category,Manufacturer,Serial,Purchased,Cost,Location,"
        "Address,State,Default Location,Checked Out,Type,Username,Employee No.,Department,Status,Warranty,"
        "Warranty Expires,Checkout Date,Notes\n"
        "7,Acme,NB-1,T1,T14,20W0,Laptops,Lenovo,S1,2024-01-05,\"1,200.00\",Bern,Main St 1,BE,Depot,Ida Holm,user,"
        "iholm,E7,Sales,Ready to Deploy (Deployed),36,2027-01-05,2024-02-01 09:00:00,`=new\n"
        "8,Acme,PRN-1,T2,M400,,Printers,HP,S2,,,Bern,,,Depot,Bern,location,,,,Ready to Deploy (Deployed),,,,Q&amp;A\n"
        "9,Acme,MON-1,T3,U2720,,Monitors,Dell,S3,,,Bern,,,Depot,NB-1 (T1) - T14,asset,,,,In the lab (Pending),,,,\n"
        "10,Acme,NB-2,T4,T14,,Laptops,Lenovo,S4,,,,,,Depot,,,,,,Ready to Deploy (Deployable),,,,\n"
        "11,Acme,NB-3,T5,T14,,Laptops,Lenovo,S5,,,,,,Depot,,,,,,Broken - Not Fixable (Undeployable),,,,\n",
        [
            ("laptop", {
                "name": "NB-1", "asset_tag": "T1", "status": "Deployed", "home_place": "place:Depot",
                "location": "place:Bern", "warranty_until": "2027-01-05", "assigned_on": "2024-02-01", "notes": "=new",
                "assigned_to": "person:Ida Holm department=department:Sales employee_number=E7 user_name=iholm",
                "model": "hardware_model:T14 part_number=20W0", "legal_owner": "company:Acme",
            }),
            ("printer", {"assigned_to": "place:Bern", "status": "Deployed", "notes": "Q&A"}),
            ("monitor", {"assigned_to": "hardware:T1", "status": "In repair"}),
            ("laptop", {"status": "In stock", "home_place": "place:Depot"}),
            ("laptop", {"status": "Retired"}),
        ],
        unmapped=("Address", "State", "Warranty"),
        number="snipe-it asset 7",
    ),
    Case(
        "Snipe-IT/assets for its import",
        "Company,Name,Asset Tag,Category,Manufacturer,Location,Model,Model Notes,Model Number,Asset Notes,"
        "Warranty Months,Purchase Date,Purchase Cost,Checkout Type,Checked Out To: Username,Checked Out To: First Name,"
        "Checked Out To: Last Name,Checked Out To: Email,Checked Out To: Location\n"
        "Acme,NB-1,A1,Laptops and Notebooks,Lenovo,Bern,T14,,20W0,hot,36,2024-01-05,900,User,iholm,Ida,Holm,"
        "ida@acme.example,\n"
        "Acme,SW-1,A2,Core switches,Cisco,Bern,C9300,,,,,2024-01-05,900,Location,,,,,Cellar\n",
        [
            ("laptop", {
                "notes": "hot", "warranty_until": "2027-01-05",
                "assigned_to": "person:Ida Holm email=ida@acme.example first_name=Ida last_name=Holm user_name=iholm",
            }),
            ("switch", {"assigned_to": "place:Cellar"}),
        ],
        unmapped=("Model Notes",),
    ),
    Case(
        "Snipe-IT/assets for its import, by person",
        "Full Name,Email,Username,item Name,Category,Model name,Manufacturer,Model Number,Serial Number,Asset Tag,"
        "Location,Notes,Purchase Date,Purchase Cost,Company,Status,Supplier\n"
        "Ida Holm,ida@acme.example,iholm,NB-1,Laptops,T14,Lenovo,20W0,S1,A1,Bern,,2024-01-05,900,Acme,"
        "Ready to Deploy,Bits\n"
        ",,,NB-2,Laptops,T14,Lenovo,20W0,S2,A2,Bern,,2024-01-05,900,Acme,Undeployable,Bits\n",
        [
            ("laptop", {
                "name": "NB-1", "status": "Deployed", "assigned_to": IDA,
            }),
            ("laptop", {"name": "NB-2", "status": "Retired"}),
        ],
    ),
    Case(
        "Snipe-IT/licences for its import",
        "Name,Email,Username,Item name,serial number,manufacturer,purchase date,purchase cost,purchase_order,"
        "order number,Licensed To Name,Licensed to Email,expiration date,maintained,reassignable,seats,supplier\n"
        "Ida Holm,ida@acme.example,iholm,Visio,K-1,Microsoft,07/13/2022,$79.66,PO-8,9-1,Acme,it@acme.example,"
        "01/27/2026,false,no,80,Bits\n"
        ",,,Photo,K-2,Adobe,03/15/2022,$17.47,PO-9,9-2,Acme,,09/20/2026,true,yes,5,Bits\n"
        "Ida Holm,ida@acme.example,iholm,PHOTO,K-3,Foto,03/15/2022,$17.47,PO-3,9-3,Acme,,09/20/2026,true,,7,Bits\n",
        [
            ("entitlement", {
                "product": "Visio", "metric": "named user", "quantity": 80, "publisher": "Microsoft",
                "end": "2026-01-27", "purchase_order": "PO-8",
            }),
            ("entitlement", {"product": "Photo", "quantity": 5}),
            ("entitlement", {"product": "PHOTO", "quantity": 7}),
        ],
        unmapped=("serial number", "Licensed To Name", "maintained"),
        seats=[("entitlement:Visio", IDA), ("entitlement:PO-3", IDA)],
    ),
    Case(
        "Snipe-IT/list of licences",
        "Name,Product Key,Expiration Date,Licensed to Name,Manufacturer,Total,Avail,Purchase Order\n"
        "Visio,K-1,2026-01-27,Acme,Microsoft,80,12,PO-8\n",
        [("entitlement", {"product": "Visio", "quantity": 80, "metric": "named user", "end": "2026-01-27"})],
    ),
    Case(
        "Snipe-IT/locations",
        "name,address,address2,city,state,country,zip,manager,manager username,currency\n"
        "North,8 Brent Court,,Hill,AB,CA,T8S,Ida Holm,iholm,CAD\n",
        [("site", {"name": "North", "address": "8 Brent Court", "postal_code": "T8S", "region": "AB"})],
        absent=("status",),
        unmapped=("manager username", "currency"),
        links=[("site:North", "managed_by", "person:Ida Holm")],
    ),
    Case(
        "Snipe-IT/models",
        "Name,Category,Manufacturer,Model Notes,Model Number,Fieldset,Requestable,EOL,Min Qty\n"
        "T14,Laptops,Lenovo,loud,20W0,Laptops,Y,36,5\n",
        [("hardware_model", {
            "name": "T14", "part_number": "20W0", "useful_life": 36, "manufacturer": "manufacturer:Lenovo",
            "notes": "loud",
        })],
        absent=("end_of_life",),
        unmapped=("Fieldset", "Min Qty"),
    ),
    Case(
        "Snipe-IT/users",
        "First Name,Last Name,email,User name,Location,Phone Num,Job Title For User,Employee Number,Company,Activated\n"
        "Ida,Holm,ida@acme.example,iholm,Bern,1-2,Engineer,E7,Acme,no\n",
        [("person", {
            "name": "Ida Holm", "user_name": "iholm", "job_title": "Engineer", "employee_number": "E7",
            "phone_number": "1-2", "status": None,
        })],
        unmapped=("Activated",),
    ),
    Case(
        "Snipe-IT/users",
        "First Name,Last Name,Email,Username,Display Name,Activated,Location,Postal Code,Manager,Remote,Start Date\n"
        "Ida,Holm,ida@acme.example,iholm,Sunny,FALSE,Bern,3000,Ida Holm,TRUE,2022-03-18\n"
        "Juan,,,jl,Wow,TRUE,,,Ida Holm,,\n",
        [
            ("person", {"name": "Ida Holm", "manager": None, "start": "2022-03-18", "location": "place:Bern"}),
            ("person", {"name": "Juan", "user_name": "jl", "manager": "person:Ida Holm"}),
        ],
        absent=("status",),
        unmapped=("Display Name", "Activated"),
        problems=("reference",),
    ),
    Case(
        "Snipe-IT/suppliers",
        "Name,Tag Color,Address,Address 2,City,State,Country,Zip,Phone,Fax,Email,Contact,Notes,URL\n"
        "Bits,#22780d,Main St 1,Floor 4,York,PA,US,06905,20-3,85-9,bits@acme.example,Ida Holm,fast,https://bits.example\n",
        [("supplier", {
            "name": "Bits", "address": "Main St 1", "phone_number": "20-3", "email": "bits@acme.example",
            "website": "https://bits.example", "status": None,
        })],
        unmapped=("Address 2", "City", "State", "Contact"),
    ),
    Case(
        "Snipe-IT/manufacturers",
        "Name,Tag Color,URL,Support URL,Warranty Lookup URL,Support Phone,Support Email,Notes\n"
        "Rooxo,,https://rooxo.example,https://help.rooxo.example,https://w.example,18-9,help@rooxo.example,\n",
        [("manufacturer", {
            "name": "Rooxo", "website": "https://rooxo.example", "support_url": "https://help.rooxo.example",
            "phone_number": "18-9", "email": "help@rooxo.example",
        })],
        unmapped=("Warranty Lookup URL",),
    ),
    Case(
        "Snipe-IT/history of assets",
        "Asset Tag,Name,Email,Checkout Date,Checkin Date\n"
        "T1,iholm,ida@acme.example,2024-01-15,2024-06-10\nT1,olund,,2024-07-01,\nT2,olund,,2024-07-01,2099-12-31\n"
        "T3,olund,,2024-07-01,2024-07-01\n",
        events=[
            (":T1", "2024-01-15 23:59", "hand_over", ":ida@acme.example"),
            (":T1", "2024-06-10 23:59", "take_back", None),
            (":T1", "2024-07-01 23:59", "hand_over", ":olund"), (":T2", "2024-07-01 23:59", "hand_over", ":olund"),
            (":T3", "2024-07-01 23:59", "hand_over", ":olund"), (":T3", "2024-07-01 23:59", "take_back", None),
        ],
        problems=("time",),
    ),
    Case(
        "Snipe-IT/activity report",
        "Date,Created By,Action,Type,Item,Serial/Product Key,Model Name,Model No.,To,Notes,Changed\n"
        "2026-02-10 14:05:00,Admin,checkin from,asset,NB-1 (T1) - T14,S1,T14,20W0,Ole Lund,,\n"
        "2026-01-05 09:00:00,Admin,checkout,asset,NB-1 (T1),S1,T14,20W0,Ole Lund,,\n"
        "2026-03-02,Admin,checkout,asset,PRN-1 (T4),,M400,,Bern,,\n"
        "2026-03-02,Admin,checkout,asset,(T5) - X1 (Gen 3),,X1,,NB-1 (T1) - T14,,\n"
        "2026-03-02 11:00:00,Admin,update,asset,NB-1 (T1),S1,T14,20W0,,,\n"
        "2026-03-02 11:00:00,Admin,checkout,license,Visio,K,,,Ida Holm,,\n",
        events=[
            (":S1", "2026-02-10 14:05", "take_back", None), (":S1", "2026-01-05 09:00", "hand_over", ":Ole Lund"),
            (":T4", "2026-03-02 23:59", "hand_over", ":Bern"), (":T5", "2026-03-02 23:59", "hand_over", ":T1"),
        ],
        unmapped=("Created By", "Changed"),
        problems=("event",),
    ),
]  # fmt: skip
