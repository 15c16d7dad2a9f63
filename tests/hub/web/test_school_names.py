"""Schools by the names that people type."""

import pytest

from hub.web.school_names import with_schools
from hub.workflows.loading import load_definitions

SCHOOLS = {
    "cpm3/30010012": "โรงเรียนบ้านทุ่งดอกจาน",
    "cpm3/30010027": "โรงเรียนบ้านหนองไผ่",
    "cpm3/30010028": "โรงเรียนวัดบ้านหนองไผ่",
}
REPAIR = load_definitions()["repair"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("โรงเรียนบ้านทุ่งดอกจาน", "cpm3/30010012"),
        (" บ้านทุ่งดอกจาน ", "cpm3/30010012"),
        ("30010027", "cpm3/30010027"),
        ("cpm3/30010028", "cpm3/30010028"),
        ("โรงเรียนบ้านหนองไผ่", "cpm3/30010027"),
        ("บ้านหนองไผ่", "บ้านหนองไผ่"),
        ("จาน", "จาน"),
        ("บ้านไม่มี", "บ้านไม่มี"),
        ("", ""),
    ],
)
def test_a_school_is_meant_where_only_one_is_called_so(typed: str, meant: str) -> None:
    values = with_schools(REPAIR, {"school": typed, "symptom": "30010027"}, SCHOOLS)
    assert values == {"school": meant, "symptom": "30010027"}
