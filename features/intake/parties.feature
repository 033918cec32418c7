Feature: Filing asks for the least
  Type, place and one sentence suffice. What is needed later is asked by the act that needs it.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: file - type, place and one sentence
    Scenario: Nobody knows yet who the other side is
      When Ding takes a report of Asha against nobody known
      Then the case is "Reported"
      And it has a receipt for the reporter

  Rule: respondent - both sides are known before consent is asked
    Scenario: There is nobody to ask
      Given Asha's dispute with nobody known is screened
      When Wang asks for consent
      Then it is refused because "Respondent"

    Scenario: The other side was found
      Given Asha's dispute with nobody known is screened
      And Bram has joined as respondent
      When Wang asks for consent
      Then the case is "Waiting for consent"
      And Asha and Bram have the "Notice of rights and duties in mediation"
