import { builder, type Ref } from '../../graphql/builder.ts';
import { defineInput, type InputField } from '../../graphql/define-input.ts';
import { nested, toName } from '../../graphql/input-fields.ts';
import { isRecord } from '../../upstream/json.ts';
import { toText } from '../../upstream/tolerant.ts';
import { type AddressBody, type EndpointType, endpointTypes, isEndpointType, kindOf } from './kinds.ts';

/** What is shown of where an endpoint leads: fields of the type. `type` is null for an address that can't be read. */
export type Address =
  | ({ type: EndpointType } & Readonly<Record<string, unknown>>)
  | UnrecognizedEndpointAddress;
type UnrecognizedEndpointAddress = { type: null; novuType: string; fieldNames: string[] };

type Reader = {
  name: string;
  /** Undefined: without this the address can't be read. */
  read: (endpoint: Readonly<Record<string, unknown>>) => unknown;
};

/** Fields that an address shows as they are. */
const shownFields = (type: EndpointType) =>
  Object.entries(kindOf(type).fields).filter(
    ([, { isSecret, type }]) => isSecret !== true && !Array.isArray(type),
  );

/** What it shows of the others. */
const shownInstead = (type: EndpointType) => Object.entries(kindOf(type).shows ?? {});

/** Without these an address is none; of an enum, Novu may have another value or none. */
const isNeeded = ({ required, spellings }: InputField<unknown>) => required && spellings === undefined;

function createReaders(type: EndpointType): Reader[] {
  return [
    ...shownFields(type).map(([name, field]): Reader => {
      const needed = isNeeded(field);
      return { name, read: (endpoint) => toText(endpoint[name]) ?? (needed ? undefined : null) };
    }),
    ...shownInstead(type).map(([name, { read }]) => ({ name, read })),
  ];
}

const readers: ReadonlyMap<EndpointType, Reader[]> = new Map(
  endpointTypes.map((type) => [type, createReaders(type)]),
);

/** Never fails: a type that is not known, or a known one without what it needs, becomes the names of its fields. */
export function parseAddress(type: string | null, endpoint: unknown): Address {
  if (isEndpointType(type) && isRecord(endpoint)) {
    const address: { type: EndpointType; [name: string]: unknown } = { type };
    let isWhole = true;
    for (const { name, read } of readers.get(type) ?? []) {
      const value = read(endpoint);
      if (value === undefined) isWhole = false;
      address[name] = value;
    }
    if (isWhole) return address;
  }
  return { type: null, novuType: type ?? '', fieldNames: isRecord(endpoint) ? Object.keys(endpoint) : [] };
}

/** The fields of an address, whose names and types are data of its kind: the compiler is told of strings. */
type ShownAddress = Readonly<Record<string, string>>;

const createAddressType = (type: EndpointType) => {
  const { name: typeName, description } = kindOf(type);
  const ref = builder.objectRef<ShownAddress>(typeName).implement({
    ...(description !== undefined && { description }),
    fields: (t) =>
      Object.fromEntries([
        ...shownFields(type).map(([name, field]) => {
          const options = { type: field.type as 'String', nullable: !isNeeded(field) };
          const resolve = (address: ShownAddress) =>
            toName(field, address[name] ?? null, `${typeName}.${name}`) as string;
          return [
            name,
            field.spellings === undefined ? t.expose(name, options) : t.field({ ...options, resolve }),
          ];
        }),
        ...shownInstead(type).map(([name, shown]) => [
          name,
          t.expose(name, {
            type: (shown.type === 'Names' ? ['String'] : shown.type) as 'String',
            nullable: (shown.type === 'Names' ? { list: false, items: false } : false) as false,
          }),
        ]),
      ]) as never,
  });
  return ref as unknown as Ref<Exclude<Address, UnrecognizedEndpointAddress>>;
};

const UnrecognizedEndpointAddress = builder
  .objectRef<UnrecognizedEndpointAddress>('UnrecognizedEndpointAddress')
  .implement({
    description: 'An address in a form that this gateway does not know: its values may be secrets.',
    fields: (t) => ({
      type: t.string({
        nullable: false,
        description: 'As Novu spells it; empty when Novu named none.',
        resolve: ({ novuType }) => novuType,
      }),
      fieldNames: t.exposeStringList('fieldNames', {
        nullable: { list: false, items: false },
        description: 'The names of its fields.',
      }),
    }),
  });

export const ChannelEndpointAddress = builder.unionType('ChannelEndpointAddress', {
  description: 'Where an endpoint leads, without the secrets in it.',
  types: [...endpointTypes.map(createAddressType), UnrecognizedEndpointAddress],
  resolveType: ({ type }: Address) => (type === null ? UnrecognizedEndpointAddress.name : kindOf(type).name),
});

const typesByInput: ReadonlyMap<string, EndpointType> = new Map(
  endpointTypes.map((type) => [kindOf(type).input, type]),
);

const ChannelEndpointAddressInput = defineInput(
  'ChannelEndpointAddressInput',
  'Exactly one of the fields, which says the type too. No query returns what is a secret.',
  Object.fromEntries(
    endpointTypes.map((type) => {
      const { input, name, meaning, fields, inputDescription = meaning, rule } = kindOf(type);
      const form = defineInput(`${name}Input`, inputDescription, fields, { ...(rule && { rule }) });
      return [input, nested(form, { description: meaning })];
    }),
  ),
  { isOneOf: true },
);

/** The address of an input, as `type` and `endpoint` are sent. */
export const address = nested(ChannelEndpointAddressInput, {
  required: true,
  description: 'Where the messages go.',
  write: toAddressBody,
});

function toAddressBody(body: Readonly<Record<string, unknown>>): AddressBody {
  for (const name in body) {
    const type = typesByInput.get(name);
    if (type !== undefined) return { type, endpoint: body[name] } as AddressBody;
  }
  throw new TypeError('An address has exactly one field.');
}
