import type { Random } from './random.ts';

/** Names in many scripts, and with what breaks careless code. */
export const names = {
  first: ['Ada', 'José', '美咲', 'Олена', 'محمد', 'Zoë', "O'Neil", 'Łukasz', '🦊 Fox'],
  last: ['Lovelace', 'García', '佐藤', 'Шевченко', 'الهاشمي', 'Müller', 'Nguyễn', 'D"Arcy', 'Li'],
  goods: ['Lamp', 'Чашка', '椅子', 'Tëa, loose', 'كتاب', 'Bolt 00123', 'Rope <3 m>'],
  cities: ['Berlin', 'São Paulo', '東京', 'Київ'],
} as const;

/** 1 January 2026. */
const start = Date.UTC(2026, 0, 1);

/** Stamps lie on few whole seconds, so that many records tie and page boundaries fall inside the ties. */
export const stampsFrom = (random: Random): { createdAt: number; updatedAt: number } => {
  const createdAt = start + random.whole(40) * 3_600_000 + (random.chance(50) ? 0 : random.whole(3) * 1_000);
  return { createdAt, updatedAt: createdAt + (random.chance(30) ? random.whole(5) * 60_000 : 0) };
};

/** A handle of a title. */
export const handleOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
