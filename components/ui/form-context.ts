'use client';
import { createContext } from 'react';
import type { FieldErrors } from '@/lib/errors/contract';

export interface FormStatus {
  readonly pending: boolean;
  readonly fields: FieldErrors;
}

export const FormContext = createContext<FormStatus>({ pending: false, fields: {} });
