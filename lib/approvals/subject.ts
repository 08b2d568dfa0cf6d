import { type ApprovalKind, type ApprovalSubject, approvalSubjects } from './contract';

/** What is asked for, in the shape of its kind. @throws ZodError for anything else */
export function parsedSubject<Kind extends ApprovalKind>(
  kind: Kind,
  subject: unknown,
): ApprovalSubject<Kind> {
  return approvalSubjects[kind].parse(subject) as ApprovalSubject<Kind>;
}
