"""Percentages that were typed on paper, computed again."""

import pytest

from survey.printed_figures import read_printed


def test_a_slip_of_a_real_report_is_found() -> None:
    [figure] = read_printed("Có chữ ký số; 32.468; 32.641; 98,47 %\n\n")
    assert (figure.printed_words, figure.exact_words, figure.is_right) == ("98,47 %", "99,47 %", False)
    assert figure.said == "lệch 1,00 điểm phần trăm"


@pytest.mark.parametrize(
    ("line", "is_right", "said"),
    [
        ("a; 209; 230; 90,96", False, "lệch 0,09 điểm phần trăm"),
        ("a; 209; 230; 90,87", True, "đúng"),
        ("a; 209; 230; 90,86 %", True, "đúng"),
        ("a; 209; 230; 91", True, "đúng"),
        ("a; 209; 230; 93%", False, "lệch 2,1 điểm phần trăm"),
        ("a; 197; 197; 100", True, "đúng"),
    ],
)
def test_either_rounding_is_right(line: str, is_right: bool, said: str) -> None:
    [figure] = read_printed(line)
    assert (figure.is_right, figure.said) == (is_right, said)


@pytest.mark.parametrize("line", ["a; 1; 0; 5", "a; 1; 2", "; 1; 2; 50", "a; một; 2; 50", "a; 1; 2; nhiều", "a 1 2 50"])
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="ghi tên; tử số; mẫu số"):
        read_printed(line)
