// What is the same for all flexible IPs, and for all of a zone.

/** The IPv4 gateway of every virtual machine with flexible IPs, in every zone. It is outside the /32: a route to it must come first. */
export const gateway4 = '62.210.0.1'

/** The resolvers of each zone, IPv4 and IPv6. */
export const resolversOf: Readonly<Record<string, readonly [v4: readonly string[], v6: readonly string[]]>> = {
  'fr-par-1': [['51.159.69.162', '51.159.69.156'], ['2001:bc8:408:1::12', '2001:bc8:408:1::c']],
  'fr-par-2': [['51.159.47.28', '51.159.47.26'], ['2001:bc8:1008:1::16', '2001:bc8:1008:1::14']],
  'nl-ams-1': [['51.158.139.28', '51.158.139.25'], ['2001:bc8:1408:1::f', '2001:bc8:1408:1::c']],
  'nl-ams-2': [['51.158.229.23', '51.158.229.25'], ['2001:bc8:5008:200::c', '2001:bc8:5008:200::e']],
  'pl-waw-2': [['151.115.69.15', '151.115.69.26'], ['2001:bc8:1d08:200::c', '2001:bc8:1d08:200::f']],
  'pl-waw-3': [['151.115.125.3', '151.115.125.11'], ['2001:bc8:1f00:200::3', '2001:bc8:1f00:200::5']],
}
