"""The checks' thresholds as data. Their rates are measured by `bench/review.py`, on seeds that they were not set by."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Times in seconds, shares from 0 to 1. A block is so many visits of one member in a row."""

    block: int = 30
    slide: int = 5

    pace_visits: int = 5
    pace_seconds: int = 8 * 60

    short_a_person: float = 4.0
    short_an_answer: float = 2.5
    short_filled_in: float = 8.0
    short_filled_in_an_answer: float = 1.5

    alike_visits: int = 6
    alike_back: int = 5
    alike_years: int = 2
    family_people: int = 3

    few_no_ratio: float = 0.25
    few_no_z: float = -3.5
    few_no_least_expected: float = 8.0
    few_no_least_others: int = 20
    few_no_last_round: float = 0.7
    design_effect: float = 2.0

    unknown_least: int = 8
    unknown_chance: float = 1e-4
    unknown_times: float = 1.5
    unknown_at_least: float = 0.01

    round_share: float = 0.40
    round_z: float = 3.0
    round_people: int = 30

    not_met_chance: float = 1e-3
    not_met_at_least: float = 0.05
    not_met_times: float = 1.5
    burst_visits: int = 4
    burst_seconds: int = 3 * 60

    same_share: float = 0.9
    same_chance: float = 1e-3
    same_least: int = 10
    same_least_others: int = 20

    vneid_households: int = 5

    head_age: int = 15
    adult_age: int = 18
    spouse_years: int = 25
    parent_years: int = 14
    moved_years: int = 10


LIMITS = Limits()
