"""Fills stay apart for colour-blind readers and in grey; letters stand out from the paper."""

from itertools import combinations

import numpy as np
import pytest
from colorspacious import cspace_convert
from matplotlib.colors import to_rgb

from cls_analysis import palette

LEGENDS = {
    "states": palette.STATES,
    "answers": palette.ANSWERS,
    "steps": palette.STEPS,
    "certainties": palette.CERTAINTIES,
}
# Distance in CAM02-UCS, in which 1 is about the smallest difference that an eye sees.
CLEAR = 12.0


def see_normally(rgb):
    return rgb


def see_without(kind):
    space = {"name": "sRGB1+CVD", "cvd_type": kind, "severity": 100}
    return lambda rgb: np.clip(cspace_convert(rgb, space, "sRGB1"), 0, 1)


def see_in_grey(rgb):
    lightness, *_ = cspace_convert(rgb, "sRGB1", "CAM02-UCS")
    return np.clip(cspace_convert([lightness, 0, 0], "CAM02-UCS", "sRGB1"), 0, 1)


EYES = {
    "normal": see_normally,
    "deutan": see_without("deuteranomaly"),
    "protan": see_without("protanomaly"),
    "tritan": see_without("tritanomaly"),
    "grey": see_in_grey,
}


def measure_distance(one, other, eye="normal"):
    seen = [cspace_convert(EYES[eye](to_rgb(c)), "sRGB1", "CAM02-UCS") for c in (one, other)]
    return float(np.linalg.norm(np.subtract(*seen)))


def measure_contrast(ink, paper="white"):
    """Contrast of WCAG 2.2, from 1 to 21."""
    linear = [np.array(to_rgb(colour)) for colour in (ink, paper)]
    linear = [np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) for c in linear]
    dark, light = sorted(float(c @ [0.2126, 0.7152, 0.0722]) for c in linear)
    return (light + 0.05) / (dark + 0.05)


def test_distance_and_contrast_of_black_and_white_are_the_known_ones():
    assert measure_distance("black", "white") == pytest.approx(100, abs=0.1)
    assert measure_contrast("black") == pytest.approx(21)
    assert measure_contrast("#767676") == pytest.approx(4.54, abs=0.01)


def test_a_red_and_a_green_that_a_deutan_reader_mixes_up_are_found():
    assert measure_distance("#b3560b", "#7a7a00") > 2 * measure_distance(
        "#b3560b", "#7a7a00", "deutan"
    )


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("legend", LEGENDS)
def test_fills_of_one_legend_differ_for_every_eye_or_by_their_pattern(legend, eye):
    for (one, a), (other, b) in combinations(LEGENDS[legend].items(), 2):
        apart = measure_distance(a["facecolor"], b["facecolor"], eye)
        assert apart >= CLEAR or a["hatch"] != b["hatch"], f"{one} and {other}: {apart:.1f}"


@pytest.mark.parametrize(
    ("legend", "silence"), [("states", "no_text"), ("answers", "unsaid"), ("steps", "no_statement")]
)
def test_silence_has_a_pattern_of_its_own_and_a_colour_of_its_own(legend, silence):
    styles = dict(LEGENDS[legend])
    silent = styles.pop(silence)
    assert silent["hatch"]
    for style in styles.values():
        assert style["hatch"] != silent["hatch"]
        assert measure_distance(style["facecolor"], silent["facecolor"]) >= CLEAR


@pytest.mark.parametrize("eye", EYES)
def test_the_accent_and_its_contrast_differ_for_every_eye(eye):
    assert measure_distance(palette.ACCENT, palette.CONTRAST, eye) >= CLEAR


def test_letters_stand_out_from_the_paper_and_signs_do_too():
    assert measure_contrast(palette.INK) >= 7
    assert measure_contrast(palette.QUIET) >= 4.5
    for sign in (palette.ACCENT, palette.CONTRAST):
        assert measure_contrast(sign) >= 3
