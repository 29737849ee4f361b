"""Which addresses are of the public internet: not this machine, not the networks around it, not what clouds tell of
themselves.

The registries of IANA, as `ipaddress` has them, and what they leave open: forms that carry an IPv4 address within an
IPv6 one, which a gateway on the way may follow anywhere, and addresses that a cloud answers at for every machine in it.
"""

import ipaddress
from typing import Final

_GLOBAL_IPV6: Final = ipaddress.IPv6Network("2000::/3")
_REFUSED: Final = tuple(
    ipaddress.ip_network(text)
    for text in (
        "100.64.0.0/10",  # shared by the customers of a provider, RFC 6598
        "192.0.0.0/24",  # protocol assignments, RFC 6890; one cloud's metadata
        "192.88.99.0/24",  # relays to IPv6, RFC 7526
        "198.18.0.0/15",  # measurements of networks, RFC 2544
        "168.63.129.16/32",  # a cloud's own services, reached from every machine in it
        "64:ff9b::/96",  # IPv4 within IPv6, RFC 6052
        "64:ff9b:1::/48",  # the same, RFC 8215
        "2001::/23",  # protocol assignments, tunnels among them, RFC 2928 and 4380
        "2001:db8::/32",  # for manuals
        "2002::/16",  # IPv4 within IPv6, RFC 3056
        "3fff::/20",  # for manuals, RFC 9637
    )
)


def is_public(address: str) -> bool:
    """Whether an address may be connected to; False for what is none, or names an interface of this machine."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and (found.scope_id or found not in _GLOBAL_IPV6):
        return False
    if any(found.version == network.version and found in network for network in _REFUSED):
        return False
    is_special = (
        found.is_private
        or found.is_loopback
        or found.is_link_local
        or found.is_multicast
        or found.is_reserved
        or found.is_unspecified
    )
    return found.is_global and not is_special
