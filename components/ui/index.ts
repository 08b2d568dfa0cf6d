export { Avatar, type AvatarProps } from './avatar';
export { Badge, type BadgeProps } from './badge';
export { Breadcrumbs, type Crumb } from './breadcrumbs';
export { Button, ButtonLink, type ButtonLinkProps, type ButtonProps, buttonStyles } from './button';
export { Callout, type CalloutProps } from './callout';
export { Card, CardBody, CardFooter, CardHeader, type CardHeaderProps } from './card';
export { Checkbox, type CheckboxProps } from './checkbox';
export { cn } from './cn';
export { ConfirmDialog, type ConfirmDialogProps } from './confirm-dialog';
export { Dialog, DialogClose, type DialogProps } from './dialog';
export {
  DropdownItem,
  DropdownLabel,
  DropdownMenu,
  DropdownRadioGroup,
  DropdownRadioItem,
  DropdownSeparator,
} from './dropdown-menu';
export { EmptyState, type EmptyStateProps } from './empty-state';
export { Field, FieldError, type FieldProps } from './field';
export { Form, type FormProps, SubmitButton } from './form';
export { formValues } from './form-values';
export { IconButton, type IconButtonProps } from './icon-button';
export { Input, type InputProps } from './input';
export { Label } from './label';
export { overlay } from './overlay';
export { PageHeader, type PageHeaderProps } from './page-header';
export { RadioGroup, type RadioGroupProps, type RadioOption } from './radio-group';
export { Select, type SelectOption, type SelectProps } from './select';
export { Sheet, type SheetProps } from './sheet';
export { Spinner } from './spinner';
export { type Status, type StatusLook, statusLook } from './status';
export { StatusBadge, type StatusBadgeProps } from './status-badge';
export { Switch, type SwitchProps } from './switch';
export { type Column, Table, type TableProps } from './table';
export { Textarea } from './textarea';
export type { Tone } from './tone';
export { Tooltip, TooltipProvider } from './tooltip';
