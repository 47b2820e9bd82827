import type { Random } from './random.ts';

/** Who works here, where their machines are, and where they come from. Addresses of RFC 5737 and of private networks. */
export const ADMINISTRATORS = ['alice', 'bob', 'chenwei'] as const;
export const DEVELOPERS = ['dora', 'erik', 'fanli', 'gong', 'hana', 'ivan'] as const;
export const HOSTS = ['web-1', 'web-2', 'app-1', 'db-1', 'bastion'] as const;
export const OFFICE = '198.51.100.20';
export const VPN = '10.8.0.';
export const CI = '10.0.3.30';
export const BACKUP = '10.0.3.20';
export const MONITOR = '10.0.3.7';
export const ANSIBLE = '10.0.3.10';

export const PEOPLE = [...ADMINISTRATORS, ...DEVELOPERS];

/** Each person has one address of the VPN and one at home. */
export function addressOf(person: string, random: Random): string {
  const index = (PEOPLE as readonly string[]).indexOf(person);
  return random.pick([OFFICE, `${VPN}${10 + index}`, `203.0.113.${40 + index}`]);
}

/** Somebody on the internet: one of many. */
export function stranger(random: Random): string {
  return `${random.pick([101, 112, 36, 58, 61, 117, 183, 220, 86, 92, 78, 151])}.${random.integer(0, 255)}.${random.integer(0, 255)}.${random.integer(1, 254)}`;
}
