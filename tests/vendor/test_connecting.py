"""What an operator must set for a connection, and where the vendor then is."""

import pytest

from portico.errors import ConfigurationError
from portico.vendor.connecting import complete_settings
from portico.vendor.model import Vendor

GIVEN = {"tenant": "acme", "key": "k", "client": "c", "client_secret": "s"}


def test_the_base_url_follows_from_the_settings_and_defaults(meridian: Vendor) -> None:
    values = complete_settings(meridian, GIVEN)
    assert values["base_url"] == "https://eu.meridian.example/cloud"
    assert complete_settings(meridian, GIVEN | {"region": "us"})["base_url"].startswith(
        "https://us."
    )


def test_an_environment_or_an_own_address_wins(meridian: Vendor) -> None:
    trial = complete_settings(meridian, GIVEN | {"environment": "trial"})
    assert trial["base_url"] == "https://trial.meridian.example"
    own = complete_settings(meridian, GIVEN | {"base_url": "http://localhost:1/"})
    assert own["base_url"] == "http://localhost:1"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"tenant": "acme"}, "the setting 'key' is missing; set it"),
        (GIVEN | {"tenant": ""}, "the setting 'tenant' is missing; set it"),
        (GIVEN | {"tennant": "x"}, "there is no setting 'tennant'; did you mean 'tenant'?"),
        (GIVEN | {"environment": "x"}, "no such environment; there are: trial"),
    ],
)
def test_what_is_missing_or_unknown_is_named(
    meridian: Vendor, given: dict[str, str], text: str
) -> None:
    with pytest.raises(ConfigurationError, match="meridian") as failure:
        complete_settings(meridian, given)
    assert text in str(failure.value)
