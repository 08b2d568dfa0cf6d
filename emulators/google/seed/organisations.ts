/** Who and what an organisation of the demo is about; the generators make its data from it. */
export interface Person {
  /** Before the `@`. */
  readonly user: string;
  readonly name: string;
  readonly title: string;
}

export interface Organisation {
  readonly name: string;
  readonly domain: string;
  readonly timeZone: string;
  /** The first one is the owner of the demo tenant, the second one its viewer. */
  readonly people: readonly Person[];
  readonly customers: readonly { readonly name: string; readonly domain: string }[];
  readonly suppliers: readonly { readonly name: string; readonly domain: string }[];
  readonly projects: readonly string[];
  readonly products: readonly string[];
  readonly currency: string;
  readonly holidays: { readonly region: string; readonly id: string };
}

export const organisations: readonly Organisation[] = [
  {
    name: 'Northwind Traders',
    domain: 'northwind.example',
    timeZone: 'Europe/London',
    people: [
      { user: 'olivia', name: 'Olivia Marsh', title: 'Operations' },
      { user: 'victor', name: 'Victor Hale', title: 'Finance' },
      { user: 'priya', name: 'Priya Nair', title: 'Sales' },
      { user: 'tom', name: 'Tom Becker', title: 'Warehouse' },
    ],
    customers: [
      { name: 'Lakeside Grocers', domain: 'lakeside-grocers.example' },
      { name: 'Bramble & Fig', domain: 'brambleandfig.example' },
      { name: 'Harbour Hotels', domain: 'harbourhotels.example' },
    ],
    suppliers: [
      { name: 'Alder Freight', domain: 'alderfreight.example' },
      { name: 'Coldline Storage', domain: 'coldline.example' },
      { name: 'Papermill Packaging', domain: 'papermill.example' },
    ],
    projects: ['Winter catalogue', 'Warehouse move', 'Customs paperwork'],
    products: ['olive oil', 'dried figs', 'smoked tea', 'wild honey'],
    currency: 'GBP',
    holidays: { region: 'United Kingdom', id: 'en.uk' },
  },
  {
    name: 'Fabrikam',
    domain: 'fabrikam.example',
    timeZone: 'America/New_York',
    people: [
      { user: 'omar', name: 'Omar Reyes', title: 'Engineering' },
      { user: 'vera', name: 'Vera Lindqvist', title: 'Quality' },
      { user: 'hannah', name: 'Hannah Cole', title: 'Procurement' },
      { user: 'jun', name: 'Jun Ito', title: 'Production' },
    ],
    customers: [
      { name: 'Cedar Robotics', domain: 'cedar-robotics.example' },
      { name: 'Meridian Rail', domain: 'meridianrail.example' },
      { name: 'Volta Bikes', domain: 'voltabikes.example' },
    ],
    suppliers: [
      { name: 'Ironbark Metals', domain: 'ironbark.example' },
      { name: 'Precise Tooling', domain: 'precise-tooling.example' },
      { name: 'Quarry Logistics', domain: 'quarrylogistics.example' },
    ],
    projects: ['Line 4 retrofit', 'ISO recertification', 'Gearbox v2'],
    products: ['gearboxes', 'housings', 'bearings', 'fixtures'],
    currency: 'USD',
    holidays: { region: 'United States', id: 'en.usa' },
  },
  {
    name: 'Tailspin Studio',
    domain: 'tailspin.example',
    timeZone: 'Asia/Tokyo',
    people: [
      { user: 'mika', name: 'Mika Sato', title: 'Studio lead' },
      { user: 'leo', name: 'Leo Fontaine', title: 'Producer' },
      { user: 'ines', name: 'Inês Duarte', title: 'Art' },
    ],
    customers: [
      { name: 'Aurora Museum', domain: 'auroramuseum.example' },
      { name: 'Pebble Games', domain: 'pebblegames.example' },
    ],
    suppliers: [
      { name: 'Render Barn', domain: 'renderbarn.example' },
      { name: 'Foley House', domain: 'foleyhouse.example' },
    ],
    projects: ['Planetarium show', 'Trailer cut', 'Style guide'],
    products: ['storyboards', 'models', 'loops'],
    currency: 'JPY',
    holidays: { region: 'Japan', id: 'en.japanese' },
  },
];

export function addressOf(organisation: Organisation, person: Person): string {
  return `${person.user}@${organisation.domain}`;
}
