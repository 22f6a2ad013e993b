/**
 * The whole of a transport: frames are text (binary when a call carries a file), order is kept, nothing is lost while
 * it is open. MessagePort (utilityProcess), a Node child's channel and a WebSocket each fit in one short file.
 */
export interface Port {
  post(frame: Frame): void;
  /** Returns the function that stops listening. Frames that came before the first listener are kept for it. */
  listen(hear: (frame: Frame) => void): () => void;
  /** Settles once, when either side is gone; never rejects. */
  readonly closed: Promise<Ending>;
  close(): void;
}

export type Frame = string | Uint8Array;

/** Why a port ended, as far as it is known. */
export interface Ending {
  readonly reason: string;
}
