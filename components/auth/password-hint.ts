import { passwordLength } from '@/lib/auth/contract';

export const passwordHint = `At least ${passwordLength.min} characters. A sentence or several words are best.`;
