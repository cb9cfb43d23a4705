/** A participant in a worker that does as it is told, one message a step, and answers each with how often it has drained. */
import { attachParticipant, type Participant } from "../participant.ts";
import type { Region } from "../region.ts";
import { signal, until } from "./until.ts";

/** Where it is. Places are words. */
export interface ParticipantPlace {
  readonly region: Region;
  readonly participantsAt: number;
  /** Three words, each 1 or 0: it is there (parked, or in the midst of computing); it may go on; it runs on. */
  readonly signsAt: number;
}

/** One step. */
export type Order =
  | ({ readonly order: "attach" } & ParticipantPlace)
  | { readonly order: "park" | "compute" | "listen" | "detach" | "poll" };

let participant: Participant;
let place: ParticipantPlace;
let drained = 0;
let listening = false;

/** Says that it is there, and stays until it may go on. */
function stay(): void {
  const { region: { words }, signsAt } = place;
  signal(words, signsAt, 1);
  until(words, signsAt + 1, (go) => go === 1, "the participant may go on");
  signal(words, signsAt, 0);
}

const orders: Record<Exclude<Order["order"], "attach">, () => void> = {
  park() {
    participant.park(stay);
    signal(place.region.words, place.signsAt + 2, 1);
  },
  compute: stay,
  listen() {
    listening = true;
    participant.listen();
  },
  detach: () => participant.detach(),
  poll: () => participant.poll(),
};

self.onmessage = ({ data }: MessageEvent<Order>) => {
  if (data.order === "attach") {
    place = data;
    participant = attachParticipant(place.region, place.participantsAt, 1, 2);
    participant.onDrain(() => {
      drained++;
      if (listening) self.postMessage(drained);
    });
  } else orders[data.order]();
  self.postMessage(drained);
};
