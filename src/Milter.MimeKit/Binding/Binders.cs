using Milter;
using Milter.Mime;
using Milter.Mime.Binding;
using MimeKit;

[assembly: MessageBinder<MailParts, MailPartsBinder>]
[assembly: MessageBinder<MimeMessage, MimeMessageBinder>]
