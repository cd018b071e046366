import type { Command } from 'commander';
import type { Streams } from '../commands/streams';

export function declareProject(_program: Command, _streams: Streams, _exit: (code: number) => void): void {}
