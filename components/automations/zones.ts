interface ZoneOption {
  readonly value: string;
  readonly label: string;
}

let zones: readonly ZoneOption[] | undefined;

/** Every time zone that this runtime knows, by IANA name. */
export function zoneOptions(): readonly ZoneOption[] {
  zones ??= [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])].map((value) => ({
    value,
    label: value,
  }));
  return zones;
}
