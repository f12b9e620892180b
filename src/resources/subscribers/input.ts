import { z } from 'zod';
import { type BodyOf, defineInput } from '../../graphql/define-input.ts';
import { anyText, id, jsonObject, nullable, string } from '../../graphql/input-fields.ts';

const text = (description: string) => nullable(string({ description, rule: anyText }));

const profile = {
  firstName: text('The first name.'),
  lastName: text('The last name.'),
  email: text('An email address.'),
  phone: text('A phone number.'),
  avatar: text('The URL of a picture.'),
  locale: text('The language, for example en_US.'),
  timezone: text('The time zone by its IANA name, for example Asia/Tokyo.'),
  data: nullable(
    jsonObject({
      description: 'Anything else; replaced as a whole.',
      rule: z.custom<Record<string, unknown>>(),
    }),
  ),
};

const upsert = {
  subscriberId: id({ required: true, description: 'The id of the subscriber: your own id of the user.' }),
  ...profile,
};

export const UpsertSubscriberInput = defineInput(
  'UpsertSubscriberInput',
  "Mirrors Novu's CreateSubscriberRequestDto, field for field. What is left out stays as it is, except data, which becomes empty; null takes a stored value away.",
  upsert,
);
export type UpsertSubscriberBody = BodyOf<typeof upsert>;

export const UpdateSubscriberInput = defineInput(
  'UpdateSubscriberInput',
  "Mirrors Novu's PatchSubscriberRequestDto: what is left out stays as it is, null takes a stored value away.",
  profile,
);
export type UpdateSubscriberBody = BodyOf<typeof profile>;
