"""What a connection needs besides its vendor: where the vendor is, and the settings it asks for."""

from collections.abc import Mapping
from difflib import get_close_matches

from portico.errors import ConfigurationError
from portico.vendor.model import Vendor

BASE_URL = "base_url"
ENVIRONMENT = "environment"


def complete_settings(vendor: Vendor, given: Mapping[str, str]) -> dict[str, str]:
    """The settings of a connection, checked, with defaults and `base_url` filled in.

    `given` holds what the operator set: the vendor's own settings, and `base_url` or `environment`
    (the name of one of the vendor's environments). Raises ConfigurationError.
    """
    for name in given:
        if name not in vendor.settings and name not in {BASE_URL, ENVIRONMENT}:
            raise ConfigurationError(_unknown(vendor, name))
    defaults = {
        name: setting.default
        for name, setting in vendor.settings.items()
        if setting.default is not None
    }
    values = {**defaults, **{name: text for name, text in given.items() if text}}
    values[BASE_URL] = _base_url(vendor, values)
    for name, setting in vendor.settings.items():
        if name not in values and setting.kind != "optional":
            raise ConfigurationError(f"{vendor.name}: the setting '{name}' is missing; set it")
    return values


def _base_url(vendor: Vendor, values: Mapping[str, str]) -> str:
    if BASE_URL in values:
        return values[BASE_URL].rstrip("/")
    template = vendor.base
    if environment := values.get(ENVIRONMENT):
        template = vendor.environments.get(environment)
        if template is None:
            known = ", ".join(vendor.environments) or "none"
            raise ConfigurationError(f"{vendor.name}: no such environment; there are: {known}")
    address = template.fill_if_known(values) if template else None
    if address is None:
        raise ConfigurationError(f"{vendor.name}: the setting 'base_url' is missing; set it")
    return address.rstrip("/")


def _unknown(vendor: Vendor, name: str) -> str:
    near = get_close_matches(name, [*vendor.settings, BASE_URL, ENVIRONMENT], n=1)
    remedy = f"did you mean '{near[0]}'?" if near else f"it has {', '.join(vendor.settings)}"
    return f"{vendor.name}: there is no setting '{name}'; {remedy}"
