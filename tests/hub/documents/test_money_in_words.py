"""Money in Thai words, as typst writes it: set alone and read back."""

import json
from pathlib import Path

import pytest
import typst

LIBRARY = Path(__file__).parents[3] / "hub" / "documents"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "ศูนย์บาทถ้วน"),
        ("1.00", "หนึ่งบาทถ้วน"),
        ("10.00", "สิบบาทถ้วน"),
        ("11.25", "สิบเอ็ดบาทยี่สิบห้าสตางค์"),
        ("21.01", "ยี่สิบเอ็ดบาทหนึ่งสตางค์"),
        ("101.00", "หนึ่งร้อยเอ็ดบาทถ้วน"),
        ("12000.00", "หนึ่งหมื่นสองพันบาทถ้วน"),
        ("1000000.00", "หนึ่งล้านบาทถ้วน"),
        ("21000001.50", "ยี่สิบเอ็ดล้านเอ็ดบาทห้าสิบสตางค์"),
        ("0.75", "เจ็ดสิบห้าสตางค์"),
    ],
)
def test_an_amount_is_read_as_people_read_it(amount: str, words: str) -> None:
    source = (
        f'#import "/lib/thai.typ": baht-words\n#set text(font: "Sarabun")\n#metadata(baht-words("{amount}")) <words>'
    )
    asked = typst.query(source.encode(), "<words>", field="value", one=True, root=str(LIBRARY))
    assert json.loads(asked) == words
