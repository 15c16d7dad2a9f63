"""Rain on 12 GHz: from millimetres an hour to decibels of C/N.

Specific attenuation: ITU-R P.838-3, equations (1) to (5) with the coefficients of its tables 1 to 4; or by the package `itur`
(extra `simulate`), which gives the same to five digits. The slant path is not shortened by a reduction factor as in P.618:
rain cells have a shape here, and the path runs through them (`sky`).
"""

import math
from dataclasses import dataclass

FREQUENCY_GHZ = 12.5
ELEVATION_DEG = 58.0
RAIN_HEIGHT_KM = 5.0
"""ITU-R P.839 gives 4.9 to 5.2 km over Thailand."""
MEDIUM_K = 232.0
"""Noise of rain as the antenna sees it: fits the budget of 2.8 / 4.8 / 6.5 / 9.3 dB for fades of 1 / 2 / 3 / 5 dB at 93 K."""

_Terms = tuple[tuple[float, float, float], ...]
_K_H: _Terms = (
    (-5.33980, -0.10008, 1.13098),
    (-0.35351, 1.26970, 0.45400),
    (-0.23789, 0.86036, 0.15354),
    (-0.94158, 0.64552, 0.16817),
)
_K_V: _Terms = (
    (-3.80595, 0.56934, 0.81061),
    (-3.44965, -0.22911, 0.51059),
    (-0.39902, 0.73042, 0.11899),
    (0.50167, 1.07319, 0.27195),
)
_ALPHA_H: _Terms = (
    (-0.14318, 1.82442, -0.55187),
    (0.29591, 0.77564, 0.19822),
    (0.32177, 0.63773, 0.13164),
    (-5.37610, -0.96230, 1.47828),
    (16.1721, -3.29980, 3.43990),
)
_ALPHA_V: _Terms = (
    (-0.07771, 2.33840, -0.76284),
    (0.56727, 0.95545, 0.54039),
    (-0.20238, 1.14520, 0.26809),
    (-48.2991, 0.791669, 0.116226),
    (48.5833, 0.791459, 0.116479),
)


VERTICAL_DEG = 90.0


class NoItur(Exception):
    """The package `itur` is asked for and not there; the operator's to mend."""


@dataclass(frozen=True, slots=True)
class Rain:
    """Specific attenuation k R^alpha, in dB per km for R in mm/h."""

    k: float
    alpha: float

    def per_km(self, rain_mm_h: float) -> float:
        return float(self.k * rain_mm_h**self.alpha) if rain_mm_h > 0 else 0.0


def by_table(
    frequency_ghz: float = FREQUENCY_GHZ, elevation_deg: float = ELEVATION_DEG, tilt_deg: float = VERTICAL_DEG
) -> Rain:
    """P.838-3, equations (4) and (5), from both linear polarisations."""
    (k_h, a_h), (k_v, a_v) = _linear(frequency_ghz, vertical=False), _linear(frequency_ghz, vertical=True)
    turn = math.cos(math.radians(elevation_deg)) ** 2 * math.cos(2 * math.radians(tilt_deg))
    k = (k_h + k_v + (k_h - k_v) * turn) / 2
    return Rain(k, (k_h * a_h + k_v * a_v + (k_h * a_h - k_v * a_v) * turn) / (2 * k))


def by_itur(
    frequency_ghz: float = FREQUENCY_GHZ, elevation_deg: float = ELEVATION_DEG, tilt_deg: float = VERTICAL_DEG
) -> Rain:
    try:
        from itur.models import itu838
    except ImportError as error:
        raise NoItur('the package itur is not installed: pip install "dltv-fleet[simulate]"') from error
    k, alpha = itu838.rain_specific_attenuation_coefficients(frequency_ghz, elevation_deg, tilt_deg)
    return Rain(float(k), float(alpha))


def _linear(frequency_ghz: float, vertical: bool) -> tuple[float, float]:
    """k and alpha for one linear polarisation along the horizon."""
    log = math.log10(frequency_ghz)
    if vertical:
        k, alpha = _curve(log, _K_V, -0.16398, 0.63297), _curve(log, _ALPHA_V, -0.053739, 0.83433)
    else:
        k, alpha = _curve(log, _K_H, -0.18961, 0.71147), _curve(log, _ALPHA_H, 0.67849, -1.95537)
    return 10.0**k, alpha


def _curve(log: float, terms: _Terms, slope: float, level: float) -> float:
    return sum(a * math.exp(-(((log - b) / c) ** 2)) for a, b, c in terms) + slope * log + level


SLANT_KM = RAIN_HEIGHT_KM / math.sin(math.radians(ELEVATION_DEG))


def cnr_loss(attenuation_db: float, system_k: float) -> float:
    """How far C/N falls: the signal is weaker, and the rain itself is warm."""
    warm = MEDIUM_K * (1 - 10 ** (-attenuation_db / 10))
    return attenuation_db + 10 * math.log10((system_k + warm) / system_k)
