"""What the law says of a component on a day: rows written from the documents of the authorities, not from the code.

A row is (part, list or profile, day, document, level): the highest level of the findings that cite this document on that day, or
None where none does. An empty document stands for all: no finding at all.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sbomguard.check import check
from sbomguard.finding import LEVELS, Finding
from sbomguard.pack import Pack
from sbomguard.product import Product
from sbomguard.source import Source
from tests import made

PARTS: dict[str, dict[str, str]] = {
    "Kaspersky library": {"name": "scan-engine", "type": "library", "supplier": "AO Kaspersky Lab"},
    "Kaspersky firmware": {"name": "gateway-image", "type": "firmware", "supplier": "AO Kaspersky Lab"},
    "Kaspersky system": {"name": "KasperskyOS", "type": "operating-system", "supplier": "AO Kaspersky Lab"},
    "Kaspersky signatures": {"name": "signature-base", "type": "data", "supplier": "AO Kaspersky Lab"},
    "Kaspersky appliance": {"name": "sensor", "type": "device", "manufacturer": "AO Kaspersky Lab"},
    "Kaspersky service": {"name": "reputation lookup", "type": "service", "supplier": "AO Kaspersky Lab"},
    "HiSilicon driver": {"name": "isp-driver", "type": "device-driver", "supplier": "HiSilicon Technologies Co., Ltd."},
    "HiSilicon SoC": {"name": "video processor", "type": "device", "manufacturer": "HiSilicon Technologies Co., Ltd."},
    "Huawei library": {"name": "push-client", "type": "library", "supplier": "Huawei Technologies Co., Ltd."},
    "Huawei firmware": {"name": "modem-image", "type": "firmware", "supplier": "Huawei Technologies Co., Ltd."},
    "Huawei transmitter": {"name": "LTE card", "type": "device", "manufacturer": "Huawei Technologies Co., Ltd.",
                           "fcc_id": "QISME909S-821"},
    "Huawei service": {"name": "device cloud", "type": "service", "supplier": "Huawei Technologies Co., Ltd."},
    "module of Linux by Huawei": {"name": "erofs.ko", "type": "file", "supplier": "Huawei Technologies Co., Ltd.",
                                  "file": "/lib/modules/6.1.0/kernel/fs/erofs/erofs.ko"},
    "ZTE driver": {"name": "modem-driver", "type": "device-driver", "supplier": "ZTE Corporation"},
    "ZTE board": {"name": "modem board", "type": "device", "manufacturer": "ZTE Corporation"},
    "Hikvision library": {"name": "camera-client", "type": "library", "supplier": "Hangzhou Hikvision Digital Technology Co., Ltd."},
    "Hikvision camera": {"name": "camera core", "type": "device", "manufacturer": "Hangzhou Hikvision Digital Technology Co., Ltd."},
    "Dahua library": {"name": "recorder-client", "type": "library", "supplier": "Zhejiang Dahua Technology Co., Ltd."},
    "Dahua board": {"name": "recorder board", "type": "device", "manufacturer": "Zhejiang Dahua Technology Co., Ltd."},
    "Hytera radio": {"name": "radio unit", "type": "device", "manufacturer": "Hytera Communications Corporation Limited"},
    "China Mobile library": {"name": "cloud-client", "type": "library", "supplier": "China Mobile Communications Group Co., Ltd."},
    "China Telecom library": {"name": "dial-client", "type": "library", "supplier": "China Telecom Corporation Limited"},
    "China Unicom library": {"name": "esim-client", "type": "library", "supplier": "China United Network Communications Group Co., Ltd."},
    "ComNet service": {"name": "voice", "type": "service", "supplier": "ComNet (USA) LLC"},
    "Digitalsystem service": {"name": "voice", "type": "service", "supplier": "Digitalsystem Technology Inc."},
    "DJI library": {"name": "gimbal-client", "type": "library", "supplier": "SZ DJI Technology Co., Ltd."},
    "DJI camera": {"name": "gimbal camera", "type": "device", "manufacturer": "SZ DJI Technology Co., Ltd."},
    "Autel Robotics library": {"name": "flight-client", "type": "library", "supplier": "Autel Robotics Co., Ltd."},
    "Autel Robotics radio": {"name": "radio link", "type": "device", "manufacturer": "Autel Robotics Co., Ltd."},
    "SMIC chip": {"name": "power controller", "type": "device", "manufacturer": "Semiconductor Manufacturing International Corporation"},
    "CXMT memory": {"name": "DRAM", "type": "device", "manufacturer": "ChangXin Memory Technologies, Inc."},
    "YMTC firmware": {"name": "flash-image", "type": "firmware", "supplier": "Yangtze Memory Technologies Co., Ltd."},
    "Acronis agent": {"name": "backup-agent", "type": "application", "supplier": "Acronis International GmbH"},
    "Quectel module": {"name": "cellular module", "type": "device", "manufacturer": "Quectel Wireless Solutions Co., Ltd."},
    "Tencent library": {"name": "json-parser", "type": "library", "supplier": "Tencent Holdings Limited"},
    "ByteDance library": {"name": "json-codec", "type": "library", "supplier": "ByteDance Ltd."},
    "Hesai driver": {"name": "lidar-driver", "type": "device-driver", "supplier": "Hesai Technology Co., Ltd."},
    "router of another maker": {"name": "home router", "type": "device", "manufacturer": "Brightfield Optics"},
    "drone of another maker": {"name": "drone", "type": "device", "manufacturer": "Brightfield Optics"},
}  # fmt: skip

HARMLESS = {"name": "zlib", "version": "1.3.1", "type": "library", "supplier": "Brightfield Optics"}
FCC = "fcc-covered-list"
NOW = made.TODAY

Row = tuple[str, str, str, str, str | None]

ROWS: list[Row] = [
    # FCC Covered List, first five producers (DA 21-309 of 12 March 2021)
    ("Huawei transmitter", FCC, "2021-03-11", "", None),
    ("Huawei transmitter", FCC, "2021-03-12", "DA 21-309", "prohibited"),
    ("Huawei transmitter", FCC, NOW, "FCC 25-71", "prohibited"),
    ("Huawei transmitter", FCC, "2025-10-27", "FCC 25-71", None),
    ("Huawei library", FCC, NOW, "DA 21-309", "review"),
    ("Huawei firmware", FCC, NOW, "FCC 26-50", "review"),
    ("HiSilicon driver", FCC, NOW, "FCC 26-50", "review"),
    ("HiSilicon driver", FCC, "2026-07-21", "FCC 26-50", None),
    ("HiSilicon driver", FCC, "2026-07-21", "DA 21-309", "review"),
    ("HiSilicon SoC", FCC, NOW, "FCC 26-50", "prohibited"),
    ("Huawei service", FCC, NOW, "DA 21-309", "prohibited"),
    ("module of Linux by Huawei", FCC, NOW, "DA 21-309", "note"),
    ("ZTE board", FCC, "2021-03-11", "", None),
    ("ZTE board", FCC, "2021-03-12", "DA 21-309", "prohibited"),
    ("ZTE driver", FCC, NOW, "DA 21-309", "review"),
    ("Hikvision library", FCC, NOW, "FCC 26-50", "review"),
    ("Hikvision camera", FCC, NOW, "FCC 22-84", "prohibited"),
    ("Dahua library", FCC, NOW, "DA 21-309", "review"),
    ("Dahua board", FCC, NOW, "FCC 26-50", "prohibited"),
    ("Hytera radio", FCC, NOW, "DA 26-635", "prohibited"),
    ("Hytera radio", FCC, "2026-06-25", "DA 26-635", None),
    # Kaspersky twice: DA 22-320 of 25 March 2022, DA 24-712 of 23 July 2024, DA 24-886 of 3 September 2024
    ("Kaspersky library", FCC, "2022-03-24", "", None),
    ("Kaspersky library", FCC, "2022-03-25", "DA 22-320", "prohibited"),
    ("Kaspersky library", FCC, "2024-07-22", "DA 22-320", "prohibited"),
    ("Kaspersky library", FCC, "2024-07-22", "DA 24-712", None),
    ("Kaspersky library", FCC, "2024-07-23", "DA 24-712", "prohibited"),
    ("Kaspersky library", FCC, "2024-09-02", "DA 24-886", None),
    ("Kaspersky library", FCC, "2024-09-03", "DA 24-886", "prohibited"),
    ("Kaspersky library", FCC, NOW, "DA 22-320", "prohibited"),
    ("Kaspersky firmware", FCC, NOW, "DA 24-712", "prohibited"),
    ("Kaspersky system", FCC, NOW, "DA 24-712", "prohibited"),
    ("Kaspersky service", FCC, NOW, "DA 22-320", "prohibited"),
    ("Kaspersky appliance", FCC, NOW, "DA 22-320", "prohibited"),
    ("Kaspersky appliance", FCC, NOW, "DA 24-712", "review"),
    # carriers: services under section 214 only
    ("China Mobile library", FCC, "2022-03-24", "", None),
    ("China Mobile library", FCC, "2022-03-25", "DA 22-320", "note"),
    ("China Telecom library", FCC, "2022-03-24", "", None),
    ("China Telecom library", FCC, "2022-03-25", "DA 22-320", "note"),
    ("China Telecom library", FCC, NOW, "DA 22-320", "note"),
    ("China Unicom library", FCC, "2022-09-19", "", None),
    ("China Unicom library", FCC, "2022-09-20", "DA 22-979", "note"),
    ("ComNet service", FCC, "2022-09-19", "", None),
    ("ComNet service", FCC, "2022-09-20", "DA 22-979", "note"),
    ("Digitalsystem service", FCC, "2026-07-06", "", None),
    ("Digitalsystem service", FCC, "2026-07-07", "DA 26-673", "note"),
    # section 1709: DJI and Autel Robotics since 22 December 2025 (DA 25-1086)
    ("DJI camera", FCC, "2025-12-21", "", None),
    ("DJI camera", FCC, "2025-12-22", "DA 25-1086", "prohibited"),
    ("DJI library", FCC, "2025-12-21", "", None),
    ("DJI library", FCC, "2025-12-22", "DA 25-1086", "review"),
    ("DJI library", FCC, NOW, "FCC 26-50", "review"),
    ("Autel Robotics radio", FCC, "2025-12-21", "", None),
    ("Autel Robotics radio", FCC, "2025-12-22", "DA 25-1086", "prohibited"),
    ("Autel Robotics library", FCC, NOW, "DA 25-1086", "review"),
    ("DJI camera", "us-ndaa-2025-1709", "2025-12-21", "", None),
    ("DJI camera", "us-ndaa-2025-1709", "2025-12-22", "DA 25-1086", "prohibited"),
    # place of production: nobody is named, so nobody is found
    ("router of another maker", FCC, "2026-03-22", "", None),
    ("router of another maker", FCC, "2026-03-23", "", None),
    ("drone of another maker", FCC, NOW, "", None),
    # not on the Covered List
    ("Quectel module", FCC, NOW, "", None),
    ("CXMT memory", FCC, NOW, "", None),
    # Commerce determination: no new agreements from 20 July 2024
    ("Kaspersky library", "us-commerce-kaspersky", "2024-07-19", "", None),
    ("Kaspersky library", "us-commerce-kaspersky", "2024-07-20", "89 FR 52434", "prohibited"),
    ("Kaspersky service", "us-commerce-kaspersky", NOW, "89 FR 52434", "prohibited"),
    ("Kaspersky signatures", "us-commerce-kaspersky", NOW, "89 FR 52434", "review"),
    # Executive Order 13873 names nobody
    ("Kaspersky library", "us-eo-13873", NOW, "", None),
    ("Huawei transmitter", "us-eo-13873", NOW, "", None),
    # BOD 17-01 leaves out code inside other products; section 1634 does not
    ("Kaspersky library", "us-bod-17-01", "2017-09-12", "", None),
    ("Kaspersky library", "us-bod-17-01", "2017-09-13", "BOD 17-01", "review"),
    ("Kaspersky library", "us-ndaa-2018-1634", "2018-09-30", "", None),
    ("Kaspersky library", "us-ndaa-2018-1634", "2018-10-01", "83 FR 28141", "prohibited"),
    ("Kaspersky appliance", "us-ndaa-2018-1634", NOW, "FAR 52.204-23 (DEC 2023)", "prohibited"),
    # section 889, Part A since 13 August 2019
    ("Huawei transmitter", "us-ndaa-2019-889", "2019-08-12", "", None),
    ("Huawei transmitter", "us-ndaa-2019-889", "2019-08-13", "Pub. L. 115-232, section 889", "prohibited"),
    ("HiSilicon SoC", "us-ndaa-2019-889", NOW, "FAR 52.204-25 (NOV 2021)", "prohibited"),
    ("HiSilicon driver", "us-ndaa-2019-889", NOW, "FAR 52.204-25 (NOV 2021)", "review"),
    ("ZTE board", "us-ndaa-2019-889", NOW, "FAR 52.204-25 (NOV 2021)", "prohibited"),
    ("Hikvision camera", "us-ndaa-2019-889", NOW, "FAR 52.204-25 (NOV 2021)", "prohibited"),
    ("Hikvision library", "us-ndaa-2019-889", NOW, "FAR 52.204-25 (NOV 2021)", "review"),
    ("Kaspersky library", "us-ndaa-2019-889", NOW, "", None),
    # section 5949 from 23 December 2027
    ("SMIC chip", "us-ndaa-2023-5949", NOW, "", None),
    ("SMIC chip", "us-ndaa-2023-5949", "2027-12-22", "", None),
    ("SMIC chip", "us-ndaa-2023-5949", "2027-12-23", "Pub. L. 117-263, section 5949", "prohibited"),
    ("CXMT memory", "us-ndaa-2023-5949", "2027-12-23", "Pub. L. 117-263, section 5949", "prohibited"),
    ("YMTC firmware", "us-ndaa-2023-5949", "2027-12-23", "Pub. L. 117-263, section 5949", "review"),
    # FASCSA: one order of the Director of National Intelligence
    ("Acronis agent", "us-fascsa", "2025-07-10", "", None),
    ("Acronis agent", "us-fascsa", "2025-07-11", "ODNI order of 11 July 2025", "prohibited"),
    # FAR 52.204-27 bans an application, not a vendor's code
    ("ByteDance library", "us-far-bytedance-2023", "2023-06-01", "", None),
    ("ByteDance library", "us-far-bytedance-2023", "2023-06-02", "FAR 52.204-27 (JUN 2023)", "note"),
    # section 1260H restricts whom the department contracts with
    ("Quectel module", "us-dod-1260h", "2025-01-06", "", None),
    ("Quectel module", "us-dod-1260h", "2025-01-07", "DoD list of 7 January 2025", "note"),
    ("Quectel module", "us-dod-1260h", NOW, "91 FR 35189", "note"),
    ("Hikvision camera", "us-dod-1260h", NOW, "91 FR 35189", "review"),
    ("Dahua library", "us-dod-1260h", NOW, "91 FR 35189", "review"),
    ("DJI library", "us-dod-1260h", NOW, "91 FR 35189", "review"),
    ("Tencent library", "us-dod-1260h", NOW, "91 FR 35189", "note"),
    ("Hesai driver", "us-dod-1260h", NOW, "91 FR 35189", "note"),
    ("CXMT memory", "us-dod-1260h", "2026-06-09", "91 FR 35189", None),
    ("CXMT memory", "us-dod-1260h", NOW, "91 FR 35189", "note"),
    # the Entity List restricts exports to a company, not parts from it
    ("Huawei transmitter", "us-bis-entity-list", "2019-05-15", "", None),
    ("Huawei transmitter", "us-bis-entity-list", "2019-05-16", "BIS rule effective 16 May 2019", "note"),
    ("Hikvision camera", "us-bis-entity-list", "2019-10-08", "", None),
    ("Hikvision camera", "us-bis-entity-list", "2019-10-09", "BIS rule effective 9 October 2019", "note"),
    ("Kaspersky library", "us-bis-entity-list", "2024-06-23", "", None),
    ("Kaspersky library", "us-bis-entity-list", "2024-06-24", "89 FR 52362", "note"),
    # the rule on connected vehicles names two countries and no company
    ("Huawei transmitter", "us-bis-connected-vehicles", NOW, "", None),
    # the denial order of 2018, in force for 89 days
    ("ZTE board", "us-bis-zte-denial-2018", "2018-04-14", "", None),
    ("ZTE board", "us-bis-zte-denial-2018", "2018-04-15", "83 FR 17644", "review"),
    ("ZTE board", "us-bis-zte-denial-2018", "2018-07-12", "83 FR 17644", "review"),
    ("ZTE board", "us-bis-zte-denial-2018", "2018-07-13", "", None),
    ("ZTE board", "us-bis-zte-denial-2018", NOW, "", None),
    # United Kingdom
    ("ZTE board", "uk-ncsc-zte-2018", "2018-04-15", "", None),
    ("ZTE board", "uk-ncsc-zte-2018", "2018-04-16", "NCSC statement of 16 April 2018", "review"),
    ("ZTE driver", "uk-ncsc-zte-2018", NOW, "NCSC statement of 16 April 2018", "review"),
    ("HiSilicon SoC", "uk-tsa-huawei", "2022-10-12", "", None),
    ("HiSilicon SoC", "uk-tsa-huawei", "2022-10-13", "Designation notice of 13 October 2022", "prohibited"),
    ("Huawei library", "uk-tsa-huawei", NOW, "Designated vendor direction of 13 October 2022", "review"),
    # Australia
    ("Huawei transmitter", "au-5g-2018", "2018-08-22", "", None),
    ("Huawei transmitter", "au-5g-2018", "2018-08-23", "Media release of 23 August 2018", "prohibited"),
    ("ZTE driver", "au-5g-2018", NOW, "Media release of 23 August 2018", "review"),
    ("Kaspersky library", "au-pspf-kaspersky-2025", "2025-02-16", "", None),
    ("Kaspersky library", "au-pspf-kaspersky-2025", NOW, "PSPF Direction 002-2025", "prohibited"),
    ("Kaspersky service", "au-pspf-kaspersky-2025", NOW, "PSPF Direction 002-2025", "prohibited"),
    # Canada: a policy that no statute was seen to back, and a ban on mobile devices
    ("Huawei transmitter", "ca-telecom-2022", "2022-05-18", "", None),
    ("Huawei transmitter", "ca-telecom-2022", "2022-05-19", "Statement of 19 May 2022", "review"),
    ("Kaspersky library", "ca-mobile-kaspersky-2023", "2023-10-29", "", None),
    ("Kaspersky library", "ca-mobile-kaspersky-2023", "2023-10-30", "News release of 30 October 2023", "prohibited"),
    ("Tencent library", "ca-mobile-kaspersky-2023", NOW, "News release of 30 October 2023", "note"),
    # Germany warns, the European Union recommends and proposes
    ("Kaspersky library", "de-bsi-kaspersky-2022", "2022-03-14", "", None),
    ("Kaspersky library", "de-bsi-kaspersky-2022", "2022-03-15", "BSI warning of 15 March 2022", "review"),
    ("Huawei transmitter", "eu-5g-toolbox", "2023-06-14", "", None),
    ("Huawei transmitter", "eu-5g-toolbox", "2023-06-15", "Commission Communication of 15 June 2023", "note"),
    ("Huawei transmitter", "eu-csa-2026", NOW, "", None),
    # profiles: the same part for somebody else
    ("Kaspersky library", "fcc-applicant", "2024-07-23", "DA 24-712", "prohibited"),
    ("Kaspersky library", "us-federal-contractor", NOW, "FAR 52.204-23 (DEC 2023)", "prohibited"),
    ("Acronis agent", "us-federal-contractor", NOW, "ODNI order of 11 July 2025", "prohibited"),
    ("Acronis agent", "fcc-applicant", NOW, "", None),
    ("Hytera radio", "us-carrier", NOW, "DA 21-309", "prohibited"),
    ("Kaspersky library", "uk-operator", NOW, "", None),
    ("ZTE board", "uk-operator", NOW, "NCSC statement of 16 April 2018", "review"),
    ("Kaspersky library", "au-government", NOW, "PSPF Direction 002-2025", "prohibited"),
    ("Kaspersky library", "vehicle", NOW, "89 FR 52434", "prohibited"),
    ("Huawei library", "au-government", NOW, "Media release of 23 August 2018", "review"),
]

CLASS_ROWS: list[Row] = [
    # a document that speaks of certain classes is not cited for others
    ("HiSilicon SoC", FCC, NOW, "FCC 25-71", None),
    ("HiSilicon driver", FCC, NOW, "FCC 25-71", None),
    ("Huawei service", FCC, NOW, "FCC 26-50", None),
    ("DJI camera", FCC, NOW, "FCC 25-71", None),
]

SECTOR_ROWS: list[tuple[str, str, str, str, str, str | None]] = [
    # part, list, day, sector of the product, document, level
    ("DJI library", FCC, NOW, "uas", "DA 25-1086", "prohibited"),
    ("DJI library", FCC, "2025-12-21", "uas", "", None),
    ("DJI library", FCC, "2025-12-22", "uas", "DA 25-1086", "prohibited"),
    ("DJI library", FCC, NOW, "video-surveillance", "DA 25-1086", "review"),
    ("DJI library", FCC, NOW, "other", "FCC 26-50", "review"),
    ("DJI library", "us-ndaa-2025-1709", NOW, "uas", "DA 25-1086", "prohibited"),
    ("Autel Robotics library", FCC, NOW, "uas", "DA 25-1086", "prohibited"),
    ("Autel Robotics library", FCC, NOW, "robot", "DA 25-1086", "review"),
    ("Huawei library", FCC, NOW, "uas", "DA 21-309", "review"),
    ("Kaspersky library", FCC, NOW, "router", "DA 24-712", "prohibited"),
    ("router of another maker", FCC, NOW, "router", "", None),
    ("Huawei library", "us-bis-connected-vehicles", NOW, "vehicle", "", None),
]

PRODUCTION_ROWS: list[tuple[str, str, str, tuple[str, ...], str, str, str | None]] = [
    # list or profile, day, sector, produced in, relies on, document, level of the product itself
    (FCC, "2025-12-21", "uas", ("FR",), "", "", None),
    (FCC, "2025-12-22", "uas", ("FR",), "", "DA 25-1086", "prohibited"),
    (FCC, NOW, "uas", ("US",), "", "", None),
    (FCC, "2026-03-22", "router", ("TW",), "", "", None),
    (FCC, "2026-03-23", "router", ("TW",), "", "DA 26-278", "prohibited"),
    (FCC, NOW, "router", ("US", "TW"), "", "DA 26-278", "prohibited"),
    (FCC, NOW, "router", ("US",), "", "", None),
    (FCC, "2026-07-27", "power-inverter", ("CN",), "", "", None),
    (FCC, "2026-07-28", "power-inverter", ("CN",), "", "DA 26-786", "prohibited"),
    (FCC, "2026-08-20", "power-inverter", ("CN",), "", "DA 26-870", "prohibited"),
    (FCC, "2026-07-27", "robot", ("SE",), "", "", None),
    (FCC, "2026-07-28", "robot", ("SE",), "", "DA 26-786", "prohibited"),
    (FCC, NOW, "video-surveillance", ("CN",), "", "", None),
    # Conditional Approvals: DA 26-390 until 31 October 2027, those of aircraft without end, Blue UAS until 1 January 2028
    (FCC, NOW, "router", ("VN",), "DA 26-390", "", None),
    (FCC, "2027-10-30", "router", ("VN",), "DA 26-390", "", None),
    (FCC, "2027-10-31", "router", ("VN",), "DA 26-390", "DA 26-278", "prohibited"),
    (FCC, "2030-01-01", "uas", ("NO",), "DA 26-253", "", None),
    (FCC, "2027-12-31", "uas", ("FR",), "DA 26-22", "", None),
    (FCC, "2028-01-01", "uas", ("FR",), "DA 26-22", "DA 25-1086", "prohibited"),
    (FCC, NOW, "robot", ("SE",), "DA 26-957", "", None),
    # the rule on connected vehicles names countries
    ("us-bis-connected-vehicles", "2025-03-16", "vehicle", ("CN",), "", "", None),
    ("us-bis-connected-vehicles", "2025-03-17", "vehicle", ("CN",), "", "90 FR 5360", "prohibited"),
    ("us-bis-connected-vehicles", NOW, "vehicle", ("DE",), "", "", None),
    ("vehicle", NOW, "vehicle", ("RU",), "", "90 FR 5360", "prohibited"),
    ("us-eo-13873", NOW, "vehicle", ("CN",), "", "", None),
    ("eu-csa-2026", NOW, "router", ("CN",), "", "", None),
]


@pytest.mark.parametrize(("part", "where", "day", "document", "level"), ROWS + CLASS_ROWS)
def test_a_part_has_the_level_of_the_law(part: str, where: str, day: str, document: str, level: str | None, pack: Pack) -> None:
    assert highest(cited(PARTS[part], where, day, document, pack)) == level


@pytest.mark.parametrize(("part", "where", "day", "sector", "document", "level"), SECTOR_ROWS)
def test_the_sector_of_the_product_counts_where_the_law_says_so(
    part: str, where: str, day: str, sector: str, document: str, level: str | None, pack: Pack
) -> None:
    product = Product(name="made", sector=sector)
    assert highest(cited(PARTS[part], where, day, document, pack, product=product)) == level


@pytest.mark.parametrize(("where", "day", "sector", "produced_in", "relies_on", "document", "level"), PRODUCTION_ROWS)
def test_where_it_is_produced_counts_where_the_law_says_so(
    where: str, day: str, sector: str, produced_in: tuple[str, ...], relies_on: str, document: str, level: str | None, pack: Pack
) -> None:
    product = Product(name="made", sector=sector, produced_in=produced_in, relies_on=relies_on)
    assert highest(cited(HARMLESS, where, day, document, pack, product=product)) == level


def cited(part: dict[str, str], where: str, day: str, document: str, pack: Pack, **options: Any) -> Iterator[Finding]:
    """The findings of the part under that list or profile as of the day, which cite the document."""
    lists = pack.policy.profiles[where].lists if where in pack.policy.profiles else (where,)
    verdict = check([Source("part.cdx.json", sbom(part))], pack, today=made.TODAY, as_of=day, lists=lists, **options)
    assert not verdict.failures
    return (item for item in verdict.findings if not document or document in [one.number for one in item.documents])


def sbom(part: dict[str, str]) -> bytes:
    """A CycloneDX document of that part, beside one that is nobody's concern; a service stands where services do."""
    if part["type"] != "service":
        return made.cyclonedx([HARMLESS, part])
    service = {"bom-ref": "s0", "name": part["name"], "provider": {"name": part["supplier"]}}
    return made.cyclonedx([HARMLESS], services=[service])


def highest(findings: Iterator[Finding]) -> str | None:
    return max((item.level for item in findings), key=LEVELS.index, default=None)


# ---- approvals


def test_the_conditional_approvals_of_the_fcc_are_all_there(pack: Pack) -> None:
    """Appendix B of DA 26-957 has 18 rows for aircraft, 21 for routers and 1 for robots; four more approvals came later."""
    approvals = {entry.sectors[0]: entry.approvals for entry in pack.policy.lists[FCC].entries if entry.approvals}
    holders = {sector: {item.holder for item in items if item.since <= "2026-09-09"} for sector, items in approvals.items()}
    assert {sector: len(names) for sector, names in holders.items()} == {"uas": 18, "router": 21, "robot": 1}
    later = {item.holder for items in approvals.values() for item in items if item.since > "2026-09-09"}
    assert later == {"ANSCER Robotics", "Dronus S.p.A.", "Vivid-Hosting, LLC", "Matic Robots, Inc."}


def test_an_approval_begins_in_its_category_and_ends_after_it_begins(pack: Pack) -> None:
    for entry in pack.policy.lists[FCC].entries:
        for approval in entry.approvals:
            assert entry.category
            assert entry.since <= approval.since < (approval.until or "9999-12-31")


def test_router_approvals_end_and_those_of_aircraft_do_not(pack: Pack) -> None:
    """The determination of 21 July 2026 took the last day from approvals of aircraft; those of routers are dated."""
    approvals = {entry.sectors[0]: entry.approvals for entry in pack.policy.lists[FCC].entries if entry.approvals}
    assert all(item.until for item in approvals["router"])
    assert not any(item.until for item in approvals["uas"])


def test_an_approval_clears_no_part_of_a_listed_vendor(pack: Pack) -> None:
    """Conditional Approvals are exceptions from a category; they say nothing of producers who are named."""
    product = Product(name="made", sector="router", produced_in=("VN",), relies_on="DA 26-390")
    assert highest(cited(PARTS["HiSilicon SoC"], FCC, NOW, "DA 21-309", pack, product=product)) == "prohibited"


# ---- the questions that the README answers with an example

SEEDS: list[tuple[str, str, int, dict[str, int]]] = [
    # options of `sbomguard check examples/gateway-covered.cdx.json`, day, exit code, findings by level
    ("--list fcc-covered-list --as-of 2024-07-23", "2024-07-23", 1, {"prohibited": 4, "review": 1}),
    ("--list us-commerce-kaspersky", "", 1, {"prohibited": 1}),
    ("--list us-eo-13873", "", 3, {}),
    ("--list us-ndaa-2019-889", "", 1, {"prohibited": 2, "review": 1}),
    ("--list au-5g-2018", "", 1, {"prohibited": 2, "review": 1}),
    ("--list uk-ncsc-zte-2018", "", 1, {"review": 2}),
    ("--list us-bis-zte-denial-2018 --as-of 2018-05-01", "2018-05-01", 1, {"review": 2}),
    ("--list us-bis-zte-denial-2018", "", 3, {}),
]
ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(("options", "day", "exit_code", "counts"), SEEDS)
def test_the_questions_of_the_readme_have_these_answers(options: str, day: str, exit_code: int, counts: dict[str, int], pack: Pack) -> None:
    assert f"`{options}`" in (ROOT / "README.md").read_text(encoding="utf-8")
    source = Source("gateway-covered.cdx.json", (ROOT / "examples" / "gateway-covered.cdx.json").read_bytes())
    verdict = check([source], pack, today=made.TODAY, as_of=day, lists=(options.split()[1],))
    assert (verdict.exit_code, Counter(item.level for item in verdict.findings)) == (exit_code, counts)


# ---- what every list has to say


def test_every_list_says_from_which_document_of_which_day_it_was_read(pack: Pack) -> None:
    assert not [item.list for item in pack.policy.lists.values() if not (item.snapshot.date and item.snapshot.url)]


def test_what_reaches_no_component_says_what_it_does_reach(pack: Pack) -> None:
    silent = [
        (item.list, entry.entry) for item in pack.policy.lists.values() for entry in item.entries if not (entry.covers or entry.reach)
    ]
    assert not silent


def test_what_is_only_proposed_covers_nobody_by_name(pack: Pack) -> None:
    proposed = [entry for item in pack.policy.lists.values() for entry in item.entries if "proposed" in (item.status, entry.status)]
    assert proposed
    assert not [entry.entry for entry in proposed if entry.vendors]


def test_an_ended_list_says_when(pack: Pack) -> None:
    ended = [entry for item in pack.policy.lists.values() if item.status == "ended" for entry in item.entries]
    assert ended
    assert all(entry.until for entry in ended)
